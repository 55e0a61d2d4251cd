"""Alembic's environment: migrations run as the owner, with a lock time-out, in one transaction a revision."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData, create_engine, text

from app import settings
from app.core.db import Base, CatalogueModel, driver
from app.roles import rooms

rooms()  # imports every table


def described() -> list[MetaData]:
    """Tables of tenants and of the catalogue."""
    return [Base.metadata, CatalogueModel.metadata]


def ours(name: str | None, kind: str, parents: dict[str, str | None]) -> bool:
    """Leave the queue's own schema alone."""
    return kind != "schema" or name in {None, "catalogue"}


def run() -> None:
    """Upgrade the database that the settings name."""
    engine = create_engine(driver(context.config.attributes.get("url") or settings.current().owner_url))
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '10s'"))
        connection.execute(text("create schema if not exists catalogue"))
        connection.commit()
        context.configure(
            connection=connection, target_metadata=described(), include_schemas=True, include_name=ours,
            transaction_per_migration=True,
        )  # fmt: skip
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
