"""Webhooks for programs."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import from_public, to_public
from app.core.rest import ApiDoor, Page, Paging, accepts, page_of, returns
from app.core.rest_matching import matches
from app.platform.webhooks import queries, service
from app.platform.webhooks.errors import AddressTaken, NothingToSend, StillWaiting, TooManyEndpoints
from app.platform.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.platform.webhooks.schemas import DeliveriesWanted, DeliveryOut, EndpointForm, EndpointOut, Queued, ReplayForm

door = ApiDoor("webhooks")
ENDPOINT, DELIVERY, EVENT = "hook", "dlv", "evt"


@door.get("/webhooks")
@requires("webhooks.read")
@returns(Page[EndpointOut])
@accepts(Paging)
def list_endpoints(query: Paging) -> Page[EndpointOut]:
    """List the endpoints, the oldest first. There are at most 20, so there is one page."""
    return page_of([_endpoint(one) for one in queries.all_endpoints()], None)


@door.post("/webhooks")
@requires("webhooks.write")
@returns(EndpointOut, errors=(AddressTaken, TooManyEndpoints), status=201)
@accepts(EndpointForm)
def add_endpoint(body: EndpointForm) -> EndpointOut:
    """Add an endpoint. Its `secret` is in this answer and in no other."""
    endpoint, secret = service.add_endpoint(body, by=current_actor())
    return _endpoint(endpoint, secret)


@door.get("/webhooks/<endpoint_id>")
@requires("webhooks.read")
@returns(EndpointOut)
def get_endpoint(endpoint_id: str) -> EndpointOut:
    """Read one endpoint."""
    return _endpoint(queries.endpoint_or_404(_id(endpoint_id)))


@door.put("/webhooks/<endpoint_id>")
@requires("webhooks.write")
@returns(EndpointOut, errors=(AddressTaken,))
@matches(lambda endpoint_id: _endpoint(queries.lock_endpoint(_id(endpoint_id))))
@accepts(EndpointForm)
def change_endpoint(body: EndpointForm, endpoint_id: str) -> EndpointOut:
    """Change an endpoint's address, description and facts."""
    return _endpoint(service.change_endpoint(_id(endpoint_id), body, by=current_actor()))


@door.delete("/webhooks/<endpoint_id>")
@requires("webhooks.write")
@returns(EndpointOut)
def remove_endpoint(endpoint_id: str) -> EndpointOut:
    """Remove an endpoint with its log."""
    return _endpoint(service.remove_endpoint(_id(endpoint_id), by=current_actor()))


@door.post("/webhooks/<endpoint_id>/secret")
@requires("webhooks.write")
@returns(EndpointOut)
def rotate_secret(endpoint_id: str) -> EndpointOut:
    """Change the secret. For 24 hours messages are signed with the old one too."""
    endpoint, secret = service.rotate_secret(_id(endpoint_id), by=current_actor())
    return _endpoint(endpoint, secret)


@door.post("/webhooks/<endpoint_id>/pause")
@requires("webhooks.write")
@returns(EndpointOut)
def pause_endpoint(endpoint_id: str) -> EndpointOut:
    """Send nothing for a while; what happens meanwhile waits for up to 30 days."""
    return _endpoint(service.pause(_id(endpoint_id), by=current_actor()))


@door.post("/webhooks/<endpoint_id>/resume")
@requires("webhooks.write")
@returns(EndpointOut)
def resume_endpoint(endpoint_id: str) -> EndpointOut:
    """Send again, beginning with what waits."""
    return _endpoint(service.resume(_id(endpoint_id), by=current_actor()))


@door.post("/webhooks/<endpoint_id>/test")
@requires("webhooks.write")
@returns(DeliveryOut, status=202)
def test_endpoint(endpoint_id: str) -> DeliveryOut:
    """Send a message of the type `webhooks.test`."""
    return _delivery(service.send_test(_id(endpoint_id), by=current_actor()))


@door.post("/webhooks/<endpoint_id>/replay")
@requires("webhooks.write")
@returns(Queued, errors=(NothingToSend,), status=202)
@accepts(ReplayForm)
def replay_endpoint(body: ReplayForm, endpoint_id: str) -> Queued:
    """Send again what happened from `since` to `until`; without `since`, everything that ever happened."""
    return Queued(service.replay(_id(endpoint_id), body, by=current_actor()))


@door.get("/webhooks/<endpoint_id>/deliveries")
@requires("webhooks.read")
@returns(Page[DeliveryOut])
@accepts(DeliveriesWanted)
def list_deliveries(query: DeliveriesWanted, endpoint_id: str) -> Page[DeliveryOut]:
    """List the deliveries of an endpoint, newest first or as `sort` says."""
    found = queries.deliveries_page(queries.endpoint_or_404(_id(endpoint_id)).id, query)
    return page_of([_delivery(one) for one in found.rows], found.next or None)


@door.get("/webhook-deliveries/<delivery_id>")
@requires("webhooks.read")
@returns(DeliveryOut)
def get_delivery(delivery_id: str) -> DeliveryOut:
    """Read one delivery."""
    return _delivery(queries.delivery_or_404(from_public(DELIVERY, delivery_id)))


@door.post("/webhook-deliveries/<delivery_id>/redeliver")
@requires("webhooks.write")
@returns(DeliveryOut, errors=(StillWaiting,), status=202)
def redeliver(delivery_id: str) -> DeliveryOut:
    """Send a finished delivery once more, under the same `webhook-id`."""
    return _delivery(service.redeliver(from_public(DELIVERY, delivery_id), by=current_actor()))


def _id(text: str) -> UUID:
    return from_public(ENDPOINT, text)


def _endpoint(one: WebhookEndpoint, secret: str | None = None) -> EndpointOut:
    return EndpointOut(
        id=to_public(ENDPOINT, one.id), url=one.url, description=one.description, facts=one.facts, state=one.state,
        paused_because=one.paused_because, failing_since=one.failing_since, last_success_at=one.last_success_at,
        created_at=one.created_at, updated_at=one.updated_at, secret=secret,
    )  # fmt: skip


def _delivery(one: WebhookDelivery) -> DeliveryOut:
    return DeliveryOut(
        id=to_public(DELIVERY, one.id), event_id=to_public(EVENT, one.event_id),
        endpoint_id=to_public(ENDPOINT, one.endpoint_id), type=one.name, state=one.state, occasion=one.occasion,
        attempts=one.attempts, last_status=one.last_status, next_at=one.next_at if one.state == "waiting" else None,
        created_at=one.created_at, finished_at=one.finished_at,
    )  # fmt: skip
