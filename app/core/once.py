"""Rows that one transaction asks for again and again, such as a shop's ways to pay, read one time.

Nothing outlives the transaction, and nothing outlives a change: a flush or a statement that writes to the table, and a
savepoint that is rolled back, make the next question read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.core.db import TenantRow, session

Rows = TypeVar("Rows")
_KEPT = "rows read once"


def read_once(table: type[TenantRow], read: Callable[[], Rows]) -> Rows:
    """All rows of a tenant's table as `read` gives them, from memory the second time in a transaction.

    One question a table: whoever asks for a part of the rows takes it from the whole.
    """
    kept: dict[type[TenantRow], Any] = session.info.setdefault(_KEPT, {})
    if table not in kept:
        kept[table] = read()
    found: Rows = kept[table]
    return found


@event.listens_for(Session, "before_flush")
def _forget_flushed(current: Session, *_: Any) -> None:
    kept = current.info.get(_KEPT)
    if kept:
        for row in (*current.new, *current.dirty, *current.deleted):
            kept.pop(type(row), None)


@event.listens_for(Session, "do_orm_execute")
def _forget_written(state: ORMExecuteState) -> None:
    kept = state.session.info.get(_KEPT)
    if kept and not state.is_select:
        written: Any = state.bind_mapper  # a mapper, or the class itself
        kept.pop(getattr(written, "class_", written), None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(current: Session, previous: SessionTransaction) -> None:
    current.info.pop(_KEPT, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_at_the_end(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop(_KEPT, None)
