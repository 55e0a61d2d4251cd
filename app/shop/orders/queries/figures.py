"""Numbers for the home page of the back office. Amounts are minor units of the shop's currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, and_, cast, func, select

from app.core import clock, db
from app.shop.orders.models import Order, OrderLine
from app.shop.orders.queries.lists import OWED, TO_FULFIL, VIEWS, counted

MANY = 1000
_SOLD = Order.status.in_(("placed", "completed"))
_NET = func.coalesce(func.sum(Order.total - Order.refunded), 0)


@dataclass(frozen=True)
class Sold:
    """What was sold in an hour or on a day: money after refunds, and orders."""

    amount: int = 0
    orders: int = 0


@dataclass(frozen=True)
class SoldVariant:
    """A variant and what it brought, before discounts and refunds."""

    variant_id: UUID
    quantity: int
    amount: int


@dataclass(frozen=True)
class ToDo:
    """What waits for the staff; none is counted further than MANY."""

    to_fulfil: int
    oldest_to_fulfil: datetime | None
    payment_failed: int
    awaiting_payment: int
    attention: int


def count_for_plan() -> int:
    """Orders of this month (UTC) that a plan counts: samples and cancelled ones do not."""
    start = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    wanted = select(func.count()).select_from(Order).where(Order.placed_at >= start, Order.status != "cancelled")
    return int(db.session.scalar(wanted.where(Order.is_sample.is_(False))) or 0)


def sales_by_day(start: datetime, end: datetime, timezone: str) -> dict[date, Sold]:
    """Sales of each day in the shop's time zone; days without a sale are absent."""
    day = cast(func.timezone(timezone, Order.placed_at), Date).label("day")
    statement = select(day, _NET, func.count(Order.id)).where(*_placed(start, end)).group_by("day")
    return {when: Sold(int(amount), orders) for when, amount, orders in db.session.execute(statement)}


def sales_by_hour(start: datetime, end: datetime, timezone: str) -> dict[int, Sold]:
    """Sales of each hour (0 to 23) of one day in the shop's time zone; hours without a sale are absent."""
    hour = cast(func.extract("hour", func.timezone(timezone, Order.placed_at)), Integer).label("hour")
    statement = select(hour, _NET, func.count(Order.id)).where(*_placed(start, end)).group_by("hour")
    return {when: Sold(int(amount), orders) for when, amount, orders in db.session.execute(statement)}


def sold_variants(start: datetime, end: datetime, limit: int | None = None) -> list[SoldVariant]:
    """What each variant brought in a period, first the best."""
    amount = func.sum(OrderLine.unit_price * OrderLine.quantity).label("amount")
    statement = (
        select(OrderLine.variant_id, func.sum(OrderLine.quantity), amount)
        .join(Order, and_(Order.tenant_id == OrderLine.tenant_id, Order.id == OrderLine.order_id))
        .where(*_placed(start, end))
        .group_by(OrderLine.variant_id)
        .order_by(amount.desc(), OrderLine.variant_id)
        .limit(limit)
    )
    rows = db.session.execute(statement)
    return [SoldVariant(variant, int(quantity), int(brought)) for variant, quantity, brought in rows]


def sold_as(variant_ids: Iterable[UUID]) -> dict[UUID, OrderLine]:
    """A line of each variant as it was sold, for those that have left the shop since."""
    found = {}
    for variant_id in variant_ids:
        line = db.session.scalar(select(OrderLine).where(OrderLine.variant_id == variant_id).limit(1))
        if line is not None:
            found[variant_id] = line
    return found


def to_do() -> ToDo:
    """What the staff should look at now."""
    oldest = select(Order.placed_at).where(TO_FULFIL).order_by(Order.placed_at).limit(1).scalar_subquery()
    statement = select(
        counted(TO_FULFIL, MANY),
        oldest,
        counted(and_(OWED, Order.status == "pending", Order.payment_status == "failed"), MANY),
        counted(and_(OWED, Order.status == "placed", Order.payment_status == "unpaid"), MANY),
        counted(VIEWS["attention"], MANY),
    )
    return ToDo(*db.session.execute(statement).one())


def has_any() -> bool:
    """Whether the shop ever received an order."""
    return db.session.scalar(select(Order.id).limit(1)) is not None


def _placed(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return _SOLD, Order.placed_at >= start, Order.placed_at < end
