"""Statements of busy pages: put together and compiled once a process, then sent with values alone.

SQLAlchemy builds a statement and its cache key anew for each request, which costs several times what PostgreSQL needs
to answer. A prepared one is built with `bindparam` in the place of everything that changes. Its tenant predicates are
the same as those that core/db.py gives to every other statement, as a parameter. The driver's own cursor sends it and
makes the rows: SQLAlchemy describes each result anew, which takes as long as the rest of the way.
"""

from __future__ import annotations

import uuid
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Select, Uuid, bindparam, event
from sqlalchemy.dialects.postgresql.dml import Insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction, with_loader_criteria

from app.core import db, isolation, reading
from app.core.db import TenantRow

_OPEN = "connection of prepared statements"
OWN_TENANT = bindparam("own_tenant", type_=Uuid())
"""The tenant that is entered, for what a prepared insert reads beside its own row."""


class Prepared:
    """A select of columns (no rows of the ORM), or an insert that returns some. Keep it behind `functools.cache`.

    Lists are compared by `= any(parameter)`: `in` would need another text for each length. An insert is given its
    tenant here, and names every other column: it knows no defaults, and nobody who listens to the session hears of it.
    """

    def __init__(self, statement: Select[Any] | Insert) -> None:
        self._statement = statement
        self._make: Callable[[Sequence[Any]], Any] | None = None

    def rows(self, **values: Any) -> list[Any]:
        """What it finds in the entered tenant, as named tuples; what was changed in this transaction is seen."""
        if isinstance(self._statement, Select) and reading.is_possible():
            numbers = self._compiled[1]
            return self._question.rows(numbers | values | {"own_tenant": isolation.tenant_id()}, self._maker)
        current = db.session()
        tenant = isolation.tenant_id()
        db.refuse_second_tenant(current, tenant)
        if current.new or current.dirty or current.deleted:
            current.flush()
        words, numbers = self._compiled
        return _sent(_connection_of(current), words, numbers | values | {"own_tenant": tenant}, self._row_factory)

    def first(self, **values: Any) -> Any | None:
        """The first of them, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _question(self) -> reading.Question:
        return reading.Question(self._compiled[0])

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any]]:
        """The text as the driver takes it, and the numbers in it that never change.

        Words that never change stand in the text itself: a plan made for every value of `status` counts with few rows
        where nearly all match (a list of products took three times the work). Numbers stay parameters: with a known
        limit PostgreSQL takes the plan for every value as the dearer one, and plans anew each time.
        """
        dialect = db.db.engines[None].dialect
        if isinstance(self._statement, Select):
            own = with_loader_criteria(TenantRow, lambda row: row.tenant_id == OWN_TENANT, include_aliases=True)
            compiled = self._statement.options(own).compile(dialect=dialect)
        else:
            compiled = self._statement.values(tenant_id=OWN_TENANT).compile(dialect=dialect)
        constants = dict(compiled.params)
        if any(isinstance(value, uuid.UUID) for value in constants.values()):
            raise isolation.CrossTenant(f"a prepared statement would keep one tenant's id: {compiled}")
        text = str(compiled)
        for name, value in constants.items():
            if isinstance(value, str):
                text = text.replace(f"%({name})s", sql.quote(value).replace("%", "%%"))
        return text, {name: value for name, value in constants.items() if not isinstance(value, str)}

    def _row_factory(self, cursor: Any) -> Callable[[Sequence[Any]], Any]:
        return self._maker([column.name for column in cursor.description or ()] if self._make is None else [])

    def _maker(self, names: list[str]) -> Callable[[Sequence[Any]], Any]:
        """What makes rows; the names of columns count the first time."""
        if self._make is None:
            self._make = partial(tuple.__new__, namedtuple("Row", names, rename=True))
        return self._make


def _connection_of(current: Session) -> Connection:
    """The session's own, asked for once a transaction: the session takes as long as the statement to tell it."""
    transaction, connection = current.info.get(_OPEN, (None, None))
    if transaction is None or transaction is not current.get_transaction():
        connection = current.connection()
        current.info[_OPEN] = current.get_transaction(), connection
    found: Connection = connection
    return found


@event.listens_for(Session, "after_transaction_end")
def _forget_connection(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop(_OPEN, None)


def _sent(connection: Connection, words: str, values: dict[str, Any], row_factory: Any) -> list[Any]:
    """All rows, by the driver. Listeners hear of it and errors are raised as from any other statement."""
    driver = connection.connection.dbapi_connection
    cursor = driver.cursor(row_factory=row_factory)  # type: ignore[union-attr]  # there is one: it has begun
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, words, values, None, False)
    try:
        rows: list[Any] = cursor.execute(words, values).fetchall()
    except psycopg.Error as error:
        is_lost = connection.dialect.is_disconnect(error, driver, cursor)  # type: ignore[arg-type]
        raised = DBAPIError.instance(
            words, values, error, psycopg.Error, connection_invalidated=is_lost, dialect=connection.dialect
        )
        if is_lost:
            connection.invalidate(error)
        raise raised from error
    finally:
        cursor.close()
    for hear in connection.dispatch.after_cursor_execute:
        hear(connection, cursor, words, values, None, False)
    return rows
