"""Reading many orders: the staff's list and a shopper's own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import selectinload, with_expression

from app.core import clock, db, keyset
from app.platform.tenancy.queries import current_shop
from app.shop.customers.hooks import Spending
from app.shop.orders.models import Order, OrderTag
from app.shop.orders.queries.finding import matches
from app.shop.orders.schemas import OrderFilter

PAGE_SIZE = 25
COUNTED_UP_TO = 200
"""The number on a tab; "200+" says as much as any greater one."""

_PAID = ("paid", "partially_refunded")
_SORTS = {
    "newest": (Order.placed_at, True),
    "oldest": (Order.placed_at, False),
    "total_high": (Order.total, True),
    "total_low": (Order.total, False),
}
# Words and not parameters: the partial indexes that answer these rules hold the same words.
_PLACED: ColumnElement[str] = literal_column("'placed'")
_SENT: ColumnElement[str] = literal_column("'fulfilled'")
_CANCELLED: ColumnElement[str] = literal_column("'cancelled'")
_OWED: list[ColumnElement[str]] = [literal_column(f"'{word}'") for word in ("unpaid", "pending", "failed")]
TO_FULFIL = and_(
    Order.status == _PLACED,
    Order.fulfilment_status != _SENT,
    Order.payment_status.in_(_PAID),
)
OWED = and_(Order.status != _CANCELLED, Order.payment_status.in_(_OWED))
TAGS = (
    select(func.array_agg(aggregate_order_by(OrderTag.tag, OrderTag.tag)))
    .where(OrderTag.tenant_id == Order.tenant_id, OrderTag.order_id == Order.id)
    .scalar_subquery()
)
VIEWS: dict[str, ColumnElement[bool]] = {
    "all": Order.is_archived.is_(False),
    "to_fulfil": TO_FULFIL,
    "unpaid": OWED,
    "completed": and_(Order.status == "completed", Order.is_archived.is_(False)),
    "cancelled": and_(Order.status == "cancelled", Order.is_archived.is_(False)),
    "archived": Order.is_archived.is_(True),
    "attention": Order.attention != literal_column("''"),
}


def listing(wanted: OrderFilter, size: int = PAGE_SIZE) -> keyset.Slice[Order]:
    """One page of the orders list, as the filter in the address says."""
    return _slice(select(Order), wanted, size)


def listing_with_counts(wanted: OrderFilter) -> tuple[keyset.Slice[Order], dict[str, int]]:
    """The same with tags, and with the numbers on the tabs: None is counted further than COUNTED_UP_TO.

    The numbers ride on the rows, so that a page of orders is one statement; an empty page asks for them alone.
    """
    found = _slice(_with_tags_and_counts(), wanted, PAGE_SIZE)
    known = found.rows[0].beside if found.rows else db.session.scalar(select(_numbers()))
    return found, dict(zip(VIEWS, known or [], strict=True))


@cache
def _with_tags_and_counts() -> Select[Order]:
    return select(Order).options(with_expression(Order.tags, TAGS), with_expression(Order.beside, _numbers()))


@cache
def _numbers() -> ColumnElement[Any]:
    return func.jsonb_build_array(*[counted(rule) for rule in VIEWS.values()], type_=JSONB)


def _slice(statement: Select[Order], wanted: OrderFilter, size: int) -> keyset.Slice[Order]:
    column, descending = _SORTS[wanted.sort]
    statement = _filtered(statement, wanted)
    return keyset.fetch(db.session, statement, keyset.Order(column, Order.id, descending), wanted.cursor, size)


def counted(rule: ColumnElement[bool], most: int = COUNTED_UP_TO) -> ColumnElement[int]:
    """How many orders a rule holds, up to `most`, as a column. Sorted like the index that holds them together."""
    some = select(Order.id).where(rule).order_by(Order.placed_at.desc()).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def tags_of(order_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The tags of each of these orders; those without any are absent."""
    if not order_ids:
        return {}
    statement = select(OrderTag).where(OrderTag.order_id.in_(order_ids)).order_by(OrderTag.tag)
    found: dict[UUID, list[str]] = {}
    for row in db.session.scalars(statement):
        found.setdefault(row.order_id, []).append(row.tag)
    return found


def lock_tag(order_id: UUID, tag: str) -> OrderTag | None:
    """One tag on one order, for taking it off."""
    statement = select(OrderTag).where(OrderTag.order_id == order_id, OrderTag.tag == tag)
    return db.session.scalar(statement.with_for_update())


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


def of_whom(customer_id: UUID) -> list[Order]:
    """Every order of one customer with its lines, oldest first."""
    statement = select(Order).where(Order.customer_id == customer_id).options(selectinload(Order.lines))
    return list(db.session.scalars(statement.order_by(Order.placed_at)))


def has_open(customer_id: UUID) -> bool:
    """Whether an order of this customer is still to be paid or sent."""
    statement = select(Order.id).where(Order.customer_id == customer_id, Order.status.in_(("pending", "placed")))
    return db.session.scalar(statement.limit(1)) is not None


def lock_orders_of(customer_id: UUID) -> list[Order]:
    """Every order of one customer, for giving them to another or for taking names out."""
    statement = select(Order).where(Order.customer_id == customer_id).order_by(Order.id).with_for_update()
    return list(db.session.scalars(statement))


def _filtered(statement: Select[Order], wanted: OrderFilter) -> Select[Order]:
    query = wanted.q.strip()
    if not (query and wanted.view == "all"):
        # A search finds what was put away as well.
        statement = statement.where(VIEWS[wanted.view])
    if wanted.payment:
        statement = statement.where(Order.payment_status == wanted.payment)
    if wanted.fulfilment:
        statement = statement.where(Order.fulfilment_status == wanted.fulfilment)
    if wanted.since:
        statement = statement.where(Order.placed_at >= _start_of(wanted.since))
    if wanted.tag.strip():
        tagged = select(OrderTag.order_id).where(OrderTag.tag == wanted.tag.strip())
        statement = statement.where(Order.id.in_(tagged.scalar_subquery()))
    return statement.where(matches(query)) if query else statement


def _start_of(since: str) -> datetime:
    """Midnight in the shop's own time zone, today or so many days ago."""
    today = clock.now().astimezone(ZoneInfo(current_shop().timezone))
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if since == "today" else midnight - timedelta(days=int(since))
