"""Reading many orders: the staff's list and a shopper's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.core import clock, db, keyset
from app.core.text import fold
from app.platform.tenancy.queries import current_shop
from app.shop.customers.hooks import Spending
from app.shop.orders.models import Order
from app.shop.orders.schemas import OrderFilter

PAGE_SIZE = 25
_PAID = ("paid", "partially_refunded")
_OWED = ("unpaid", "pending", "failed")
_SORTS = {
    "newest": (Order.placed_at, True),
    "oldest": (Order.placed_at, False),
    "total_high": (Order.total, True),
    "total_low": (Order.total, False),
}
TO_FULFIL = and_(
    Order.status == "placed",
    Order.payment_status.in_(_PAID),
    Order.fulfilment_status != "fulfilled",
)
VIEWS: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "to_fulfil": TO_FULFIL,
    "unpaid": and_(Order.status != "cancelled", Order.payment_status.in_(_OWED)),
    "completed": Order.status == "completed",
    "cancelled": Order.status == "cancelled",
}


@dataclass(frozen=True)
class Counts:
    """How many orders each saved view holds."""

    all: int
    to_fulfil: int
    unpaid: int
    completed: int
    cancelled: int


def listing(wanted: OrderFilter, size: int = PAGE_SIZE) -> keyset.Slice[Order]:
    """One page of the orders list, as the filter in the address says."""
    column, descending = _SORTS[wanted.sort]
    statement = _filtered(select(Order), wanted)
    return keyset.fetch(db.session, statement, keyset.Order(column, Order.id, descending), wanted.cursor, size)


@dataclass(frozen=True)
class Wanted:
    """What a program asks for; None and "" do not narrow."""

    status: str = ""
    payment_status: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None


def for_programs(wanted: Wanted, cursor: str, size: int) -> keyset.Slice[Order]:
    """Orders with their lines and parcels, newest first."""
    statement = select(Order).options(selectinload(Order.lines), selectinload(Order.fulfilments))
    if wanted.status:
        statement = statement.where(Order.status == wanted.status)
    if wanted.payment_status:
        statement = statement.where(Order.payment_status == wanted.payment_status)
    if wanted.created_from:
        statement = statement.where(Order.placed_at >= wanted.created_from)
    if wanted.created_before:
        statement = statement.where(Order.placed_at < wanted.created_before)
    return keyset.fetch(db.session, statement, keyset.Order(Order.placed_at, Order.id), cursor, size)


def counts() -> Counts:
    """The numbers on the tabs, in one statement."""
    columns = [
        func.count().label(name) if rule is None else func.count().filter(rule).label(name)
        for name, rule in VIEWS.items()
    ]
    row = db.session.execute(select(*columns).select_from(Order)).one()
    return Counts(**row._mapping)


def newest(customer_id: UUID, cursor: str = "", size: int = 10) -> keyset.Slice[Order]:
    """A shopper's orders, newest first. What was given up before payment is not shown."""
    statement = select(Order).where(Order.customer_id == customer_id, Order.gave_up.is_(False))
    return keyset.fetch(db.session, statement, keyset.Order(Order.placed_at, Order.id), cursor, size)


def spending(customer_ids: Sequence[UUID]) -> dict[UUID, Spending]:
    """Orders, money after refunds and last purchase of each customer, in one statement."""
    statement = (
        select(
            Order.customer_id,
            func.count(Order.id),
            func.sum(Order.total - Order.refunded),
            func.max(Order.currency),
            func.max(Order.placed_at),
        )
        .where(Order.customer_id.in_(customer_ids), Order.status.in_(("placed", "completed")))
        .group_by(Order.customer_id)
    )
    rows = db.session.execute(statement) if customer_ids else ()
    return {
        customer_id: Spending(orders=orders, total=int(total), currency=currency, last_at=last_at)
        for customer_id, orders, total, currency, last_at in rows
        if customer_id is not None
    }


def lock_guest_orders(guest_id: UUID) -> list[Order]:
    """Every order of one customer, for giving them to another."""
    statement = select(Order).where(Order.customer_id == guest_id).order_by(Order.id).with_for_update()
    return list(db.session.scalars(statement))


def _filtered(statement: Select[Order], wanted: OrderFilter) -> Select[Order]:
    rule = VIEWS[wanted.view]
    if rule is not None:
        statement = statement.where(rule)
    if wanted.payment:
        statement = statement.where(Order.payment_status == wanted.payment)
    if wanted.fulfilment:
        statement = statement.where(Order.fulfilment_status == wanted.fulfilment)
    if wanted.since:
        statement = statement.where(Order.placed_at >= _start_of(wanted.since))
    if wanted.q.strip():
        statement = statement.where(_matches(wanted.q))
    return statement


def _matches(query: str) -> ColumnElement[bool]:
    """Number with or without #, or any part of name and e-mail address."""
    text = fold(query).lstrip("#").strip()
    return or_(Order.number == text, Order.search.contains(text, autoescape=True))


def _start_of(since: str) -> datetime:
    """Midnight in the shop's own time zone, today or so many days ago."""
    today = clock.now().astimezone(ZoneInfo(current_shop().timezone))
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if since == "today" else midnight - timedelta(days=int(since))
