"""Somebody who tampers with a shop's audit trail, and puts it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from app import settings

TABLES = ("audit_entry", "audit_seal", "audit_lane", "audit_anchor")


class Tampering:
    """Changes something as the owner of the tables, whom neither rights nor row security stop."""

    def __init__(self, shop: Any, connection: psycopg.Connection[Any]) -> None:
        self.shop, self.connection = shop, connection

    def __call__(self, statement: str) -> None:
        """Run it; TENANT stands for the shop."""
        self.connection.execute(statement.replace("TENANT", f"'{self.shop.id}'"))

    def keep(self) -> None:
        """Remember the trail as it is now."""
        for table in TABLES:
            self(f"drop table if exists pg_temp.kept_{table}")
            self(f"create temp table kept_{table} as select * from {table} where tenant_id = TENANT")

    def put_back(self, *tables: str) -> None:
        """Make the trail what was kept, or some of its tables."""
        for table in tables or TABLES:
            self(f"delete from {table} where tenant_id = TENANT")
            self(f"insert into {table} select * from kept_{table}")


@pytest.fixture
def tamper(shop: Any) -> Iterator[Callable[[str], None]]:
    """`tamper("delete from audit_entry where tenant_id = TENANT")`."""
    with psycopg.connect(settings.current().owner_url, autocommit=True) as connection:
        connection.execute("set row_security = off")
        yield Tampering(shop, connection)
