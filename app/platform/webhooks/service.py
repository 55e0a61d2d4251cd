"""Everything that changes endpoints and deliveries."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.core.errors import InvalidInput
from app.core.events import publish
from app.core.i18n import gettext
from app.core.ids import new_id
from app.core.later import later
from app.platform.webhooks import messages, queries, spreading
from app.platform.webhooks.errors import AddressTaken, NothingToSend, StillWaiting, TooManyEndpoints
from app.platform.webhooks.events import EndpointPaused
from app.platform.webhooks.models import (
    ACTIVE,
    AGAIN,
    BACKFILL,
    BY_HAND,
    DELIVERED,
    FAILED,
    PAUSED,
    REPLAY,
    TEST,
    WebhookDelivery,
    WebhookEndpoint,
)
from app.platform.webhooks.schemas import EndpointForm, ReplayForm

http = later("app.core.http")
MOST_ENDPOINTS = 20
OVERLAP = timedelta(hours=24)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def add_endpoint(form: EndpointForm, *, by: Actor) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint; the second value is its secret, which nobody sees again.

    Raises InvalidInput, AddressTaken, TooManyEndpoints.
    """
    _check(form)
    if queries.number_of_endpoints() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(most=MOST_ENDPOINTS)
    if queries.is_taken(form.url):
        raise AddressTaken
    secret = _new_secret()
    endpoint = WebhookEndpoint(url=form.url, description=form.description, facts=sorted(set(form.facts)), secret=secret)
    db.add(endpoint)
    db.flush()
    audit.record(by, "webhook_endpoint.added", endpoint, url=endpoint.url, facts=endpoint.facts)
    return endpoint, secret


def change_endpoint(endpoint_id: UUID, form: EndpointForm, *, by: Actor) -> WebhookEndpoint:
    """Another address, description or choice of facts. Raises NotFound, InvalidInput, AddressTaken."""
    _check(form)
    endpoint = queries.lock_endpoint(endpoint_id)
    if queries.is_taken(form.url, other_than=endpoint.id):
        raise AddressTaken
    before = {"url": endpoint.url, "facts": endpoint.facts}
    endpoint.url, endpoint.description, endpoint.facts = form.url, form.description, sorted(set(form.facts))
    audit.record(by, "webhook_endpoint.changed", endpoint, before=before, url=form.url, facts=endpoint.facts)
    return endpoint


def remove_endpoint(endpoint_id: UUID, *, by: Actor) -> WebhookEndpoint:
    """Forget an endpoint with its deliveries."""
    endpoint = queries.lock_endpoint(endpoint_id)
    audit.record(by, "webhook_endpoint.removed", endpoint, url=endpoint.url)
    db.delete(endpoint)
    return endpoint


def rotate_secret(endpoint_id: UUID, *, by: Actor) -> tuple[WebhookEndpoint, str]:
    """A new secret; for a day deliveries are signed with the old one too."""
    endpoint = queries.lock_endpoint(endpoint_id)
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, clock.now() + OVERLAP
    endpoint.secret = secret = _new_secret()
    audit.record(by, "webhook_endpoint.secret_changed", endpoint)
    return endpoint, secret


def pause(endpoint_id: UUID, *, by: Actor) -> WebhookEndpoint:
    """Send nothing for a while; what happens meanwhile waits."""
    endpoint = queries.lock_endpoint(endpoint_id)
    if endpoint.state == ACTIVE:
        endpoint.state, endpoint.paused_because = PAUSED, BY_HAND
        audit.record(by, "webhook_endpoint.paused", endpoint)
    return endpoint


def resume(endpoint_id: UUID, *, by: Actor) -> WebhookEndpoint:
    """Send again, beginning with what waits."""
    endpoint = queries.lock_endpoint(endpoint_id)
    if endpoint.state == PAUSED:
        endpoint.state, endpoint.paused_because, endpoint.failing_since = ACTIVE, "", None
        audit.record(by, "webhook_endpoint.resumed", endpoint)
        spreading.wake()
    return endpoint


def pause_failing(endpoint_id: UUID, because: str) -> None:
    """Stop after days of failure, or when the other side says that it is gone; staff are told by mail."""
    endpoint = queries.lock_endpoint(endpoint_id)
    if endpoint.state == ACTIVE:
        endpoint.state, endpoint.paused_because = PAUSED, because
        publish(EndpointPaused(endpoint_id=endpoint.id, because=because, pausing=new_id()))


def send_test(endpoint_id: UUID, *, by: Actor) -> WebhookDelivery:
    """Queue a message that says nothing but that it is a test. It does not stand in line behind others."""
    endpoint = queries.endpoint_or_404(endpoint_id)
    event_id = new_id()
    delivery = WebhookDelivery(
        endpoint_id=endpoint.id, event_id=event_id, name=messages.TEST, version=1, occurred_at=clock.now(),
        payload={"sent_by": by.name}, aggregate=str(event_id), occasion=TEST,
    )  # fmt: skip
    db.add(delivery)
    db.flush()
    spreading.wake()
    return delivery


def redeliver(delivery_id: UUID, *, by: Actor) -> WebhookDelivery:
    """Send a finished delivery once more, under the same webhook-id. Raises NotFound, StillWaiting."""
    found = queries.delivery_or_404(delivery_id)
    if found.state not in {DELIVERED, FAILED}:
        raise StillWaiting
    again = WebhookDelivery(
        endpoint_id=found.endpoint_id, event_id=found.event_id, name=found.name, version=found.version,
        payload=found.payload, occurred_at=found.occurred_at, aggregate=found.aggregate, occasion=AGAIN,
    )  # fmt: skip
    db.add(again)
    db.flush()
    audit.record(by, "webhook_delivery.sent_again", again, event=found.event_id)
    spreading.wake()
    return again


def replay(endpoint_id: UUID, form: ReplayForm, *, by: Actor) -> int:
    """Queue what happened in a time window, or all of it; returns how many deliveries. Raises NothingToSend."""
    endpoint = queries.lock_endpoint(endpoint_id)
    occasion = REPLAY if form.since else BACKFILL
    made = spreading.replay(endpoint, _aware(form.since or _BEGINNING), _aware(form.until or clock.now()), occasion)
    if not made:
        raise NothingToSend
    audit.record(by, "webhook_endpoint.replayed", endpoint, since=form.since, until=form.until, deliveries=made)
    return made


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _check(form: EndpointForm) -> None:
    """Refuse unknown facts and what is no plain web address; what it resolves to is checked at each sending."""
    if unknown := sorted(set(form.facts) - set(messages.told_facts())):
        raise InvalidInput({"facts": gettext("There is no such thing to be told: %(name)s.", name=unknown[0])})
    try:
        http.refuse_typed_address(form.url)
    except http.Refused as problem:
        raise InvalidInput({"url": str(problem)}) from problem
