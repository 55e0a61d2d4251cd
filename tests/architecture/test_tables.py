"""The shape of every table: the tenant first, in every key."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, create_engine, text
from sqlalchemy.types import Enum, Numeric

from app.core import rowsecurity
from app.core.db import Base, CatalogueModel, driver
from app.roles import rooms

rooms()
TENANT_TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
ROOT = "shop"


def ids(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("table", TENANT_TABLES, ids=ids)
def test_the_tenant_stands_first_in_every_key(table):
    primary = [column.name for column in table.primary_key]
    assert primary[0] == "tenant_id"
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert next(iter(constraint.columns)).name == "tenant_id", constraint.name
        if isinstance(constraint, ForeignKeyConstraint):
            assert constraint.column_keys[0] == "tenant_id", constraint.name
            assert constraint.elements[0].target_fullname.endswith(".tenant_id"), constraint.name
            assert constraint.ondelete != "SET NULL", constraint.name
    for index in table.indexes:
        if index.unique:
            assert next(iter(index.columns)).name == "tenant_id", index.name


@pytest.mark.parametrize("table", TENANT_TABLES, ids=ids)
def test_every_table_hangs_from_the_shop(table):
    if table.name == ROOT:
        return
    targets = {key.target_fullname for key in table.c.tenant_id.foreign_keys}

    assert "shop.tenant_id" in targets


@pytest.mark.parametrize("table", TENANT_TABLES, ids=ids)
def test_no_column_has_a_type_that_is_slow_under_row_security_or_wrong_for_money(table):
    for column in table.columns:
        assert not isinstance(column.type, Enum), f"{column}: use text with a CHECK"
        assert not isinstance(column.type, Numeric), f"{column}: money is an integer in minor units"


def test_no_key_leads_from_the_catalogue_to_a_tenant_or_back():
    for table in CatalogueModel.metadata.tables.values():
        assert all(key.column.table.schema == "catalogue" for key in table.foreign_keys)
    for table in TENANT_TABLES:
        assert all(key.column.table.schema is None for key in table.foreign_keys)


def test_the_migrations_build_what_the_models_say(server, configured):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(driver(server.url("livery_owner", "livery_template")))
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, parents: kind != "schema" or name in {None, "catalogue"},
        "include_object": lambda thing, name, kind, reflected, other: name != "alembic_version",
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, [Base.metadata, CatalogueModel.metadata])
    engine.dispose()

    assert differences == []


def test_every_table_of_the_database_is_isolated(server, configured):
    """Also one that a migration made and no model knows."""
    engine = create_engine(driver(server.url("livery_app", "livery_template")))
    with engine.connect() as connection:
        assert rowsecurity.problems(connection) == []
        found = connection.execute(
            text("select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace")
        ).scalars()
        known = {table.name for table in TENANT_TABLES} | {"alembic_version"}
        assert set(found) == known
    engine.dispose()


def test_no_table_has_a_trigger(server, configured):
    engine = create_engine(driver(server.url("livery_owner", "livery_template")))
    with engine.connect() as connection:
        triggers = connection.execute(
            text("select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
                 " where not tgisinternal and c.relnamespace = 'public'::regnamespace")
        ).scalars().all()  # fmt: skip
    engine.dispose()

    assert triggers == []
