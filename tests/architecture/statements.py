"""Which SQL statements may leave the app: those on tenant tables that name their tenant."""

from __future__ import annotations

import functools
import re
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core.rowsecurity import tenant_tables

_table = re.compile(r'\b(?:from|join|into|update|using)\s+(?:only\s+)?"?(?:public"?\.)?"?([a-z_]+)"?', re.IGNORECASE)
_predicate = re.compile(r'tenant_id"?\s*=|tenant_id"?\s+in\b|\(tenant_id|using\s*\(tenant_id', re.IGNORECASE)


class NoTenantPredicate(AssertionError):
    """A statement reads or changes tenant rows and leaves it to row security alone to choose the tenant."""


@functools.cache
def _tenants() -> frozenset[str]:
    return frozenset(tenant_tables())


@functools.lru_cache(10_000)
def breach(statement: str) -> str | None:
    """The tenant table that a statement uses without saying whose rows; None when all is well."""
    used = set(_table.findall(statement)) & _tenants()
    if not used:
        return None
    if re.match(r"\s*insert", statement, re.IGNORECASE):
        return None if "tenant_id" in statement else min(used)
    return None if _predicate.search(statement) else min(used)


def guard(engine: Engine) -> None:
    """Refuse such statements on this engine, in tests."""

    @event.listens_for(engine, "before_cursor_execute")
    def refuse(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        table = breach(statement)
        if table and not connection.info.get("unguarded"):
            raise NoTenantPredicate(f"no tenant predicate on {table}: {statement[:300]}")
