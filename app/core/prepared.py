"""Statements of busy pages: put together and compiled once a process, then sent with values alone.

SQLAlchemy builds a statement and its cache key anew for each request, which costs several times what PostgreSQL needs
to answer. A prepared one is built with `bindparam` in the place of everything that changes. Its tenant predicates are
the same as those that core/db.py gives to every other statement, as a parameter.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from psycopg import sql
from sqlalchemy import Row, Select, Uuid, bindparam
from sqlalchemy.orm import with_loader_criteria

from app.core import db, isolation
from app.core.db import TenantRow

_TENANT = bindparam("own_tenant", type_=Uuid())


class Prepared:
    """A select of columns (no rows of the ORM). Keep it in a module or behind `functools.cache`.

    Lists are compared by `= any(parameter)`: `in` would need another text for each length.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement

    def rows(self, **values: Any) -> Sequence[Row[Any]]:
        """What it finds in the entered tenant; what was changed in this transaction is seen."""
        current = db.session()
        tenant = isolation.tenant_id()
        db.refuse_second_tenant(current, tenant)
        if current.new or current.dirty or current.deleted:
            current.flush()
        words, numbers = self._compiled
        return current.connection().exec_driver_sql(words, numbers | values | {"own_tenant": tenant}).all()

    def first(self, **values: Any) -> Row[Any] | None:
        """The first of them, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any]]:
        """The text as the driver takes it, and the numbers in it that never change.

        Words that never change stand in the text itself: a plan made for every value of `status` counts with few rows
        where nearly all match (a list of products took three times the work). Numbers stay parameters: with a known
        limit PostgreSQL takes the plan for every value as the dearer one, and plans anew each time.
        """
        own = with_loader_criteria(TenantRow, lambda row: row.tenant_id == _TENANT, include_aliases=True)
        compiled = self._statement.options(own).compile(dialect=db.db.engines[None].dialect)
        constants = dict(compiled.params)
        if any(isinstance(value, uuid.UUID) for value in constants.values()):
            raise isolation.CrossTenant(f"a prepared statement would keep one tenant's id: {compiled}")
        text = str(compiled)
        for name, value in constants.items():
            if isinstance(value, str):
                text = text.replace(f"%({name})s", sql.quote(value).replace("%", "%%"))
        return text, {name: value for name, value in constants.items() if not isinstance(value, str)}
