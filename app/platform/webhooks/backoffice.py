"""Webhooks in the back office: endpoints, what they are told, and how each delivery went."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext, ngettext
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.webhooks import messages, queries, service
from app.platform.webhooks.schedule import MOST_ATTEMPTS
from app.platform.webhooks.schemas import DeliveryFilter, EndpointForm, Nothing, ReplayForm

door = BackofficeDoor("webhooks")


@door.get("/webhooks")
@requires("webhooks.read")
def index(**_: Any) -> Response:
    """Every endpoint, and the form that adds one."""
    return page(
        "webhooks/backoffice/index.html",
        endpoints=queries.all_endpoints(), waiting=queries.waiting_by_endpoint(), offered=_offered(),
    )  # fmt: skip


@door.post("/webhooks")
@requires("webhooks.write")
@accepts(EndpointForm, again=index)
def add(form: EndpointForm) -> Response:
    """Add an endpoint and show its secret: this answer is the only one that ever holds it."""
    endpoint, secret = service.add_endpoint(form, by=current_actor())
    return _secret_page(endpoint, secret)


@door.get("/webhooks/<uuid:endpoint_id>")
@requires("webhooks.read")
@accepts(DeliveryFilter)
def show(form: DeliveryFilter, endpoint_id: UUID) -> Response:
    """One endpoint with its log."""
    return page("webhooks/backoffice/show.html", **_endpoint(endpoint_id, form))


def again(endpoint_id: UUID, **_: Any) -> Response:
    """The endpoint's page with what was wrong."""
    return page("webhooks/backoffice/show.html", **_endpoint(endpoint_id, DeliveryFilter()))


@door.post("/webhooks/<uuid:endpoint_id>")
@requires("webhooks.write")
@accepts(EndpointForm, again=again)
def change(form: EndpointForm, endpoint_id: UUID) -> Response:
    """Another address or choice of facts."""
    service.change_endpoint(endpoint_id, form, by=current_actor())
    return _back(endpoint_id, gettext("Saved."))


@door.post("/webhooks/<uuid:endpoint_id>/secret")
@requires("webhooks.write")
@accepts(Nothing)
def rotate(form: Nothing, endpoint_id: UUID) -> Response:
    """A new secret, shown once."""
    endpoint, secret = service.rotate_secret(endpoint_id, by=current_actor())
    return _secret_page(endpoint, secret)


@door.post("/webhooks/<uuid:endpoint_id>/pause")
@requires("webhooks.write")
@accepts(Nothing)
def pause(form: Nothing, endpoint_id: UUID) -> Response:
    """Send nothing for a while."""
    service.pause(endpoint_id, by=current_actor())
    return _back(endpoint_id, gettext("Paused. What happens meanwhile waits."))


@door.post("/webhooks/<uuid:endpoint_id>/resume")
@requires("webhooks.write")
@accepts(Nothing)
def resume(form: Nothing, endpoint_id: UUID) -> Response:
    """Send again."""
    service.resume(endpoint_id, by=current_actor())
    return _back(endpoint_id, gettext("Active again."))


@door.post("/webhooks/<uuid:endpoint_id>/remove")
@requires("webhooks.write")
@accepts(Nothing)
def remove(form: Nothing, endpoint_id: UUID) -> Response:
    """Forget an endpoint and its log."""
    endpoint = service.remove_endpoint(endpoint_id, by=current_actor())
    return redirect_to(url_for(".index"), gettext("%(host)s is told nothing any more.", host=endpoint.host))


@door.post("/webhooks/<uuid:endpoint_id>/test")
@requires("webhooks.write")
@accepts(Nothing)
def test(form: Nothing, endpoint_id: UUID) -> Response:
    """Queue a test message."""
    delivery = service.send_test(endpoint_id, by=current_actor())
    return redirect_to(url_for(".delivery", delivery_id=delivery.id), gettext("The test is on its way."))


@door.post("/webhooks/<uuid:endpoint_id>/replay")
@requires("webhooks.write")
@accepts(ReplayForm, again=again)
def replay(form: ReplayForm, endpoint_id: UUID) -> Response:
    """Send what happened in a time window, or everything."""
    made = service.replay(endpoint_id, form, by=current_actor())
    return _back(
        endpoint_id, ngettext("%(num)s message is on its way.", "%(num)s messages are on their way.", made, num=made)
    )


@door.get("/webhooks/deliveries/<uuid:delivery_id>")
@requires("webhooks.read")
def delivery(delivery_id: UUID) -> Response:
    """One delivery: what was sent, and what came back each time."""
    found = queries.delivery_or_404(delivery_id)
    body = messages.body_of(found.name, found.version, found.occurred_at, found.payload)
    return page(
        "webhooks/backoffice/delivery.html",
        delivery=found, endpoint=queries.endpoint_or_404(found.endpoint_id), attempts=queries.attempts_of(delivery_id),
        body=messages.readable(body), most=MOST_ATTEMPTS,
    )  # fmt: skip


@door.post("/webhooks/deliveries/<uuid:delivery_id>/again")
@requires("webhooks.write")
@accepts(Nothing)
def redeliver(form: Nothing, delivery_id: UUID) -> Response:
    """Send it once more."""
    made = service.redeliver(delivery_id, by=current_actor())
    return redirect_to(url_for(".delivery", delivery_id=made.id), gettext("It is on its way again."))


def _back(endpoint_id: UUID, say: str) -> Response:
    return redirect_to(url_for(".show", endpoint_id=endpoint_id), say)


def _secret_page(endpoint: Any, secret: str) -> Response:
    response = page("webhooks/backoffice/secret.html", endpoint=endpoint, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


def _endpoint(endpoint_id: UUID, wanted: DeliveryFilter) -> dict[str, Any]:
    return {
        "endpoint": queries.endpoint_or_404(endpoint_id),
        "log": queries.deliveries(endpoint_id, wanted), "wanted": wanted, "offered": _offered(),
        "names": {name: gettext(fact.tells) for name, fact in messages.told_facts().items()},
    }  # fmt: skip


def _offered() -> list[tuple[str, str]]:
    return [(name, gettext(fact.tells)) for name, fact in messages.told_facts().items()]
