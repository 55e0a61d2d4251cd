"""Migrations: what stands between the database and this code."""

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app import settings
from app.commands.installation import database
from app.core.db import driver


def migrations() -> Config:
    """Alembic's configuration; migrations/env.py knows the rest."""
    config = Config()
    config.set_main_option("script_location", str(settings.ROOT / "migrations"))
    return config


def pending() -> list[str]:
    """Revisions that this code knows and the database does not, the oldest first."""
    script = ScriptDirectory.from_config(migrations())
    engine = create_engine(driver(settings.current().owner_url))
    try:
        with engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    applied = {one.revision for head in heads for one in script.iterate_revisions(head, "base")}
    return [one.revision for one in reversed(list(script.walk_revisions())) if one.revision not in applied]


def migrate() -> int:
    """Bring the database to the newest revision; returns how many were missing."""
    missing = pending()
    if missing:
        command.upgrade(migrations(), "head")
    return len(missing)


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest version.

    Works with the code that is running now; needs LIVERY_OWNER_URL when DATABASE_URL is set.
    """
    with database() as configured:
        if not configured.owner_url:
            raise click.UsageError("LIVERY_OWNER_URL is not set: migrations run as the owner of the tables.")
        count = migrate()
    click.echo(f"{count} migrations applied." if count else "The database is at the newest version already.")
