"""Everything that reads endpoints and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from app.core import clock, db, keyset
from app.core.errors import NotFound
from app.core.keyset import Order, Slice
from app.platform.webhooks.models import DELIVERED, FAILED, WAITING, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.platform.webhooks.schemas import DeliveriesWanted, DeliveryFilter

PAGE = 50
_NEWEST = Order(WebhookDelivery.created_at, WebhookDelivery.id)


@dataclass(frozen=True)
class Target:
    """What a sender needs to know of an endpoint, as plain values that any thread may read."""

    url: str
    secrets: tuple[str, ...]
    ends: datetime | None = None
    """When the second secret is no longer used."""


def all_endpoints() -> Sequence[WebhookEndpoint]:
    """Every endpoint, the oldest first."""
    return db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.created_at, WebhookEndpoint.id)).all()


def endpoint_or_404(endpoint_id: UUID) -> WebhookEndpoint:
    """An endpoint of this shop; raises NotFound."""
    found = endpoint_if_any(endpoint_id)
    if found is None:
        raise NotFound
    return found


def endpoint_if_any(endpoint_id: UUID) -> WebhookEndpoint | None:
    """An endpoint of this shop, or None when it was removed."""
    return db.session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)).first()


def lock_endpoint(endpoint_id: UUID) -> WebhookEndpoint:
    """The same, locked."""
    statement = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def is_taken(url: str, other_than: UUID | None = None) -> bool:
    """Whether another endpoint of this shop has this address."""
    found = db.session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.url == url))
    return found is not None and found != other_than


def number_of_endpoints() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(WebhookEndpoint)) or 0


def target_of(endpoint_id: UUID) -> Target | None:
    """Address and secrets of an endpoint; None when it is gone."""
    found = endpoint_if_any(endpoint_id)
    if found is None:
        return None
    is_old_valid = found.old_secret and found.old_secret_until and found.old_secret_until > clock.now()
    if is_old_valid and found.old_secret:
        return Target(found.url, (found.secret, found.old_secret), found.old_secret_until)
    return Target(found.url, (found.secret,))


def deliveries(endpoint_id: UUID, wanted: DeliveryFilter) -> Slice[WebhookDelivery]:
    """The log of an endpoint, the newest first."""
    return keyset.fetch(db.session, _of(endpoint_id, wanted.state), _NEWEST, wanted.cursor, PAGE)


def deliveries_page(endpoint_id: UUID, asked: DeliveriesWanted) -> Slice[WebhookDelivery]:
    """The same for programs: as many as they ask for, of the moments that they name."""
    wanted = _of(endpoint_id, asked.state)
    return keyset.dated(db.session, wanted, asked, WebhookDelivery.created_at, WebhookDelivery.id)


def _of(endpoint_id: UUID, state: str) -> Select[WebhookDelivery]:
    statement = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state:
        states = {"waiting": (WAITING, "sending"), "delivered": (DELIVERED,), "failed": (FAILED,)}[state]
        statement = statement.where(WebhookDelivery.state.in_(states))
    return statement


def delivery_or_404(delivery_id: UUID) -> WebhookDelivery:
    """A delivery of this shop; raises NotFound."""
    found = db.session.scalars(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)).first()
    if found is None:
        raise NotFound
    return found


def attempts_of(delivery_id: UUID) -> Sequence[WebhookAttempt]:
    """How each attempt went, the newest first."""
    statement = select(WebhookAttempt).where(WebhookAttempt.delivery_id == delivery_id)
    return db.session.scalars(statement.order_by(WebhookAttempt.at.desc(), WebhookAttempt.id.desc())).all()


def waiting_by_endpoint() -> dict[UUID, int]:
    """Endpoint -> deliveries that wait, where there are any."""
    counted = (
        select(WebhookDelivery.endpoint_id, func.count())
        .where(WebhookDelivery.state.in_((WAITING, "sending")))
        .group_by(WebhookDelivery.endpoint_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}
