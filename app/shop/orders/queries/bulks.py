"""Reading bulk actions and what they still have to do."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core import db, keyset
from app.core.errors import NotFound
from app.shop.orders.models import OrderBulk, OrderBulkRow

ROWS_SHOWN = 100


def bulk(bulk_id: UUID) -> OrderBulk:
    """One bulk action; raises NotFound."""
    found = db.session.scalar(select(OrderBulk).where(OrderBulk.id == bulk_id))
    if found is None:
        raise NotFound()
    return found


def lock_bulk(bulk_id: UUID) -> OrderBulk:
    """One bulk action for working on it, as it is now in the database; raises NotFound."""
    statement = select(OrderBulk).where(OrderBulk.id == bulk_id).with_for_update()
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def bulk_rows(bulk_id: UUID, cursor: str, *, only_problems: bool, size: int = ROWS_SHOWN) -> keyset.Slice[OrderBulkRow]:
    """What became of each order, in the order in which they were worked on."""
    statement = select(OrderBulkRow).where(OrderBulkRow.bulk_id == bulk_id)
    if only_problems:
        statement = statement.where(OrderBulkRow.problem != "")
    order = keyset.Order(OrderBulkRow.number, OrderBulkRow.id, descending=False)
    return keyset.fetch(db.session, statement, order, cursor, size)


def done_in(bulk_id: UUID, after: str, limit: int) -> Sequence[str]:
    """Numbers of orders that a bulk action changed, behind a number, in the order of their numbers."""
    statement = (
        select(OrderBulkRow.number)
        .where(OrderBulkRow.bulk_id == bulk_id, OrderBulkRow.problem == "", OrderBulkRow.number > after)
        .order_by(OrderBulkRow.number)
        .limit(limit)
    )
    return list(db.session.scalars(statement))
