"""Reading single orders, with and without a lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.core import db, i18n, reader
from app.core.errors import NotFound
from app.core.isolation import tenant_url
from app.core.links import sign
from app.shop.orders.models import Fulfilment, Order, OrderMoney, TimelineEntry

Row = TypeVar("Row")
STATUS_LINK_LASTS = 90 * 86_400
STATUS_PURPOSE = "orders.status"


def by_id(order_id: UUID) -> Order:
    """One order with its lines; raises NotFound."""
    return _one(select(Order).where(Order.id == order_id).options(selectinload(Order.lines)))


def by_number(number: str) -> Order:
    """One order with its lines, by the number people read; raises NotFound."""
    return _one(select(Order).where(Order.number == number).options(selectinload(Order.lines)))


def by_cart(cart_id: UUID) -> Order | None:
    """The order that this cart became, or None."""
    return db.session.scalar(select(Order).where(Order.cart_id == cart_id))


def lock(order_id: UUID) -> Order:
    """One order for changing, as it is now in the database; raises NotFound."""
    return _one(_locked(select(Order).where(Order.id == order_id)))


def lock_by_number(number: str) -> Order:
    """One order for changing, by number; raises NotFound."""
    return _one(_locked(select(Order).where(Order.number == number)))


def lock_many(numbers: Sequence[str]) -> list[Order]:
    """Several orders for changing, in the order of their ids so that nobody deadlocks."""
    statement = select(Order).where(Order.number.in_(numbers)).order_by(Order.id)
    return list(db.session.scalars(_locked(statement)))


def for_print(numbers: Sequence[str]) -> list[Order]:
    """Several orders with their lines, in the order of these numbers; unknown ones are left out."""
    statement = select(Order).where(Order.number.in_(numbers)).options(selectinload(Order.lines))
    found = {order.number: order for order in db.session.scalars(statement)} if numbers else {}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def of_customer(customer_id: UUID, number: str) -> Order:
    """One order of this shopper and of nobody else; raises NotFound."""
    return _one(
        select(Order).where(Order.customer_id == customer_id, Order.number == number).options(selectinload(Order.lines))
    )


def fulfilment(fulfilment_id: UUID) -> Fulfilment:
    """One parcel; raises NotFound."""
    return _one(select(Fulfilment).where(Fulfilment.id == fulfilment_id))


def timeline(order_id: UUID) -> list[TimelineEntry]:
    """What happened to an order, newest first."""
    statement = (
        select(TimelineEntry)
        .where(TimelineEntry.order_id == order_id)
        .order_by(TimelineEntry.at.desc(), TimelineEntry.id.desc())
    )
    return list(db.session.scalars(statement))


def is_counted(kind: str, reference: UUID) -> bool:
    """Whether a payment or refund was counted into its order already."""
    statement = select(OrderMoney.id).where(OrderMoney.kind == kind, OrderMoney.reference == reference)
    return db.session.scalar(statement) is not None


def expired_pending(before: datetime, limit: int = 200) -> list[UUID]:
    """Orders that wait for a payment since before that moment, oldest first."""
    statement = (
        select(Order.id)
        .where(Order.status == "pending", Order.paid == 0, Order.placed_at < before)
        .order_by(Order.placed_at)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def status_path(order: Order) -> str:
    """Path of the page on which a buyer follows the order without an account, for 90 days, in the buyer's language."""
    token = sign(STATUS_PURPOSE, {"order": str(order.id)}, STATUS_LINK_LASTS)
    language = i18n.base_of(order.locale)
    is_shown_in_it = language in reader.spoken_here().others
    return reader.address_in(language if is_shown_in_it else "", f"/orders/{order.number}/{token}")


def status_link(order: Order) -> str:
    """As `status_path`, with the shop's own host, for mails."""
    return tenant_url(status_path(order))


def _locked(statement: Select[Row]) -> Select[Row]:
    return statement.with_for_update().execution_options(populate_existing=True)


def _one(statement: Select[Row]) -> Row:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found
