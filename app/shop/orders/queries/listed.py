"""Orders as programs read them: with lines, parcels and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload, with_expression

from app.core import db, keyset
from app.core.errors import NotFound
from app.core.text import normalise_email
from app.shop.orders.models import Order, OrderTag
from app.shop.orders.queries.lists import TAGS


@dataclass(frozen=True)
class Wanted:
    """What a program asks for; None and "" do not narrow."""

    status: str = ""
    payment_status: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    updated_since: datetime | None = None
    updated_before: datetime | None = None
    fulfilment_status: str = ""
    number: str = ""
    email: str = ""
    customer_id: UUID | None = None
    tag: str = ""
    archived: bool | None = None
    sort: str = "-placed_at"


def for_programs(wanted: Wanted, cursor: str, size: int) -> keyset.Slice[Order]:
    """Orders with their lines, parcels and tags, sorted as wanted. Three statements."""
    statement = _narrowed(_whole(), wanted)
    if wanted.tag:
        tagged = select(OrderTag.order_id).where(OrderTag.tag == wanted.tag)
        statement = statement.where(Order.id.in_(tagged.scalar_subquery()))
    statement = keyset.within(statement, wanted, Order.placed_at, Order.updated_at)
    column = getattr(Order, wanted.sort.lstrip("-"))
    return keyset.fetch(db.session, statement, keyset.Order(column, Order.id, wanted.sort[0] == "-"), cursor, size)


def for_program(order_id: UUID) -> Order:
    """One order likewise, as it is now. Raises NotFound."""
    db.flush()
    statement = _whole().where(Order.id == order_id).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def several(order_ids: Sequence[UUID]) -> Sequence[Order]:
    """Orders with their lines, parcels and tags. Three statements."""
    return db.session.scalars(_whole().where(Order.id.in_(order_ids))).all()


def numbers_of(order_ids: Sequence[UUID]) -> list[str]:
    """Numbers of these orders, in the given order. Raises NotFound when one is not there."""
    rows = db.session.execute(select(Order.id, Order.number).where(Order.id.in_(order_ids)))
    found = dict(rows.all())
    if len(found) < len(set(order_ids)):
        raise NotFound
    return [found[one] for one in dict.fromkeys(order_ids)]


@cache
def _whole() -> Select[Order]:
    beside = (selectinload(Order.lines), selectinload(Order.fulfilments), with_expression(Order.tags, TAGS))
    return select(Order).options(*beside)


def _narrowed(statement: Select[Order], wanted: Wanted) -> Select[Order]:
    equal = {
        Order.status: wanted.status, Order.payment_status: wanted.payment_status,
        Order.fulfilment_status: wanted.fulfilment_status, Order.number: wanted.number,
        Order.email: normalise_email(wanted.email) if wanted.email else "",
    }  # fmt: skip
    for column, value in equal.items():
        if value:
            statement = statement.where(column == value)
    if wanted.customer_id is not None:
        statement = statement.where(Order.customer_id == wanted.customer_id)
    if wanted.archived is not None:
        statement = statement.where(Order.is_archived.is_(wanted.archived))
    return statement
