"""The boot check refuses a database that would not keep tenants apart."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine, text

from app.core import rowsecurity
from app.core.db import driver
from app.core.rowsecurity import UnsafeDatabase


@pytest.fixture(scope="module")
def scratch(server):
    """A database that may be damaged."""
    name = f"damaged_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server.create_database(name, template="livery_template")
    yield name
    server.drop_database(name)


def problems(server, database: str, role: str = "livery_app") -> list[str]:
    engine = create_engine(driver(server.url(role, database)))
    with engine.connect() as connection:
        found = rowsecurity.problems(connection)
    engine.dispose()
    return found


def damage(server, database: str, *statements: str) -> None:
    engine = create_engine(driver(server.url("livery_owner", database)))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_migrated_database_is_safe(server, configured, scratch):
    assert problems(server, "livery_template") == []


@pytest.mark.parametrize("role", ["livery_owner", "livery_operator"])
def test_a_role_that_is_too_strong_is_refused(server, configured, role):
    assert any("bypass row security" in one for one in problems(server, "livery_template", role))


@pytest.mark.parametrize(
    ("harm", "mend", "sentence"),
    [
        ("drop policy tenant_isolation on event",
         "create policy tenant_isolation on event using (tenant_id = current_setting('app.tenant')::uuid)"
         " with check (tenant_id = current_setting('app.tenant')::uuid)", "table event lacks its policy"),
        ("alter table event no force row level security", "alter table event force row level security",
         "table event lacks its policy"),
        ("alter table event disable row level security", "alter table event enable row level security",
         "table event lacks its policy"),
        ("create policy open on event using (true)", "drop policy open on event", "table event lacks its policy"),
        ("grant truncate on event to livery_app", "revoke truncate on event from livery_app",
         "table event can be truncated"),
    ],
)  # fmt: skip
def test_each_missing_protection_is_named(server, configured, scratch, harm, mend, sentence):
    damage(server, scratch, harm)

    assert problems(server, scratch) == [sentence]

    damage(server, scratch, mend)
    assert problems(server, scratch) == []


def test_the_boot_refuses_and_says_why(server, configured, scratch):
    damage(server, scratch, "alter table event disable row level security")
    engine = create_engine(driver(server.url("livery_app", scratch)))

    with engine.connect() as connection, pytest.raises(UnsafeDatabase, match="table event lacks its policy"):
        rowsecurity.refuse_unsafe(connection)

    engine.dispose()
    damage(server, scratch, "alter table event enable row level security")
