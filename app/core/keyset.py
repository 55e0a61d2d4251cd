"""Paging by the last row seen instead of by counting rows, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, tuple_

from app.core.errors import InvalidInput
from app.core.i18n import gettext

Row = TypeVar("Row")
MOMENTS = ("created_from", "created_before", "updated_since", "updated_before")
"""By which lists are narrowed (rest.Dated, rest.Synced)."""


class OtherOrder(InvalidInput):
    """A cursor of a list that was sorted by something else: its value would be compared with another column."""


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page of a list and the cursors of its neighbours; an empty cursor means there is none."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: a column, the id that breaks ties, and the direction."""

    column: Any
    tie: Any
    descending: bool = True

    @property
    def word(self) -> str:
        """How a cursor names it: one is read in the direction that it was made for."""
        return f"{'-' if self.descending else '+'}{self.column.key}"


def fetch(session: Any, statement: Select[Any], order: Order, cursor: str, size: int) -> Slice[Any]:
    """Run the statement for one page. A cursor that cannot be read means the first page; raises OtherOrder."""
    backwards, place, column = _decode(cursor)
    if place is not None and column not in {"", order.column.key, order.word}:  # older ones name no direction
        raise OtherOrder({"cursor": gettext("This cursor belongs to another sorting.")})
    if place is not None and not _can_be_compared(place[0], order.column):
        raise OtherOrder({"cursor": gettext("This cursor is not one of ours.")})
    descending = order.descending is not backwards
    if place is not None:
        keys, here = tuple_(order.column, order.tie), tuple_(*place)
        statement = statement.where(keys < here if descending else keys > here)
    sorting = [key.desc() if descending else key.asc() for key in (order.column, order.tie)]
    rows = list(session.scalars(statement.order_by(*sorting).limit(size + 1)))
    has_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Slice(rows)
    has_next, has_previous = (True, has_more) if backwards else (has_more, place is not None)
    return Slice(
        rows,
        next=_encode(">", rows[-1], order) if has_next else "",
        previous=_encode("<", rows[0], order) if has_previous else "",
    )


def within(
    statement: Select[Any],
    asked: Any,
    created: Any,
    updated: Any = None,
) -> Select[Any]:
    """The rows of the moments that `asked` (rest.Dated or Synced) names: made from, made before, changed likewise."""
    if asked.created_from is not None:
        statement = statement.where(created >= asked.created_from)
    if asked.created_before is not None:
        statement = statement.where(created < asked.created_before)
    if updated is not None and asked.updated_since is not None:
        statement = statement.where(updated >= asked.updated_since)
    if updated is not None and asked.updated_before is not None:
        statement = statement.where(updated < asked.updated_before)
    return statement


def dated(session: Any, statement: Select[Any], asked: Any, created: Any, tie: Any) -> Slice[Any]:
    """The piece of a list that `asked` (rest.Logged) names, by when its things were made.

    Raises InvalidInput for a cursor that is not ours, OtherOrder for one of another sorting.
    """
    order = Order(created, tie, asked.sort[0] == "-")
    return fetch(session, within(statement, asked, created), order, known(asked.cursor), asked.limit)


def is_kept(value: Any) -> bool:
    """Whether the database can hold such a number or text: whole numbers of eight bytes, texts without a NUL."""
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, str) or "\0" not in value


def is_readable(cursor: str) -> bool:
    """Whether this is a cursor that `fetch` gave out, as far as its shape tells."""
    return _decode(cursor)[1] is not None


def known(cursor: str | None) -> str:
    """A cursor that a program sent, "" for none; raises InvalidInput for one that `fetch` did not give out."""
    if cursor and not is_readable(cursor):
        raise InvalidInput({"cursor": gettext("This cursor is not one of ours.")})
    return cursor or ""


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """A text that begins so, as a range that an index answers under row-level security (LIKE is not leakproof).

    The column is compared character by character (collation "C").
    """
    return and_(column >= text, column < text + "\U0010ffff")


def _can_be_compared(value: Any, column: Any) -> bool:
    """Whether a value out of a cursor, which anybody can make up, is of the column's kind."""
    return type(value) is column.type.python_type and is_kept(value)


def _encode(direction: str, row: Any, order: Order) -> str:
    value = getattr(row, order.column.key)
    kind = "at" if isinstance(value, datetime) else "is"
    words = [direction, kind, value.isoformat() if kind == "at" else value, str(getattr(row, order.tie.key))]
    words.append(order.word)
    return base64.urlsafe_b64encode(json.dumps(words).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[bool, tuple[Any, UUID] | None, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, kind, value, tie, *column = json.loads(base64.urlsafe_b64decode(padded))
        moment = datetime.fromisoformat(value) if kind == "at" else value
        return direction == "<", (moment, UUID(tie)), str(column[0]) if column else ""
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        return False, None, ""
