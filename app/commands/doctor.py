"""doctor: what is wrong with an installation, and what to do about it."""

import shutil
import stat
from collections.abc import Callable

import click
import psycopg
from sqlalchemy import create_engine

from app import settings
from app.commands import examining
from app.commands.installation import database
from app.commands.migrating import pending
from app.core import rowsecurity
from app.core.db import driver
from app.roles import rooms
from app.settings import Settings

ENOUGH_SPACE = 1_000_000_000
POWERS = {"livery_owner": (False, True), "livery_app": (False, False), "livery_operator": (False, True)}


@click.command("doctor")
@click.option("--settings", "wants_settings", is_flag=True, help="List every environment variable instead.")
def doctor(wants_settings: bool) -> None:
    """Look at this installation and say what is wrong with it; exit status 1 when something is."""
    if wants_settings:
        click.echo(settings_page())
        return
    rooms()
    sick = False
    with database() as configured:
        for name, examine in EXAMINATIONS.items():
            found = _asked(examine, configured)
            sick = sick or bool(found)
            click.echo(f"  {'no' if found else 'ok':<4}{name}")
            for problem in found:
                click.echo(f"        {problem}")
    if sick:
        raise click.exceptions.Exit(1)


def _asked(examine: Callable[[Settings], list[str]], configured: Settings) -> list[str]:
    """What it found; an examination that cannot be made is a finding too, and the others go on."""
    try:
        return examine(configured)
    except psycopg.Error as problem:
        return [f"The database refuses to be asked: {str(problem).splitlines()[0]}"]


def settings_page() -> str:
    """Every variable with its default and meaning."""
    lines = []
    for variable in settings.described():
        choices = f" One of: {', '.join(filter(None, variable['one_of']))}." if variable["one_of"] else ""
        default = f" [{variable['default']}]" if variable["default"] not in ("", None) else ""
        lines.append(f"{variable['name']}{default}\n    {variable['meaning']}{choices}")
    return "\n".join(lines)


def space(configured: Settings) -> list[str]:
    """A full disk stops the database first."""
    free = shutil.disk_usage(configured.home).free
    return [] if free > ENOUGH_SPACE else [f"{free // 1_000_000} MB are free below {configured.home}: make room."]


def keys(configured: Settings) -> list[str]:
    """Keys exist and nobody else can read them."""
    problems = [f"{name} is not set." for name in ("secret_key", "master_key") if not getattr(configured, name)]
    path = configured.home / "secrets.json"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        problems.append(f"{path} can be read by others: run `chmod 600 {path}`.")
    return problems


def roles(configured: Settings) -> list[str]:
    """Each database role can do what it must and no more."""
    with psycopg.connect(configured.database_url) as connection:
        rows = connection.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles").fetchall()
    found = {name: (is_super, bypasses) for name, is_super, bypasses in rows}
    missing = [f"Role {role} is missing: create it as docs/howto says." for role in POWERS if role not in found]
    wrong = [f"Role {role} has the wrong powers." for role in POWERS if role in found and found[role] != POWERS[role]]
    return missing + wrong


def policies(configured: Settings) -> list[str]:
    """Every tenant table is closed to other tenants."""
    engine = create_engine(driver(configured.database_url))
    try:
        with engine.connect() as connection:
            return rowsecurity.problems(connection)
    finally:
        engine.dispose()


def migrated(configured: Settings) -> list[str]:
    """The database is at the version of this code."""
    if not configured.owner_url:
        return ["LIVERY_OWNER_URL is not set, so the version of the database is unknown."]
    missing = pending()
    return [f"{len(missing)} migrations are pending: run ./livery migrate."] if missing else []


EXAMINATIONS: dict[str, Callable[[Settings], list[str]]] = {
    "Room on the disk": space,
    "Keys": keys,
    "Database roles": roles,
    "Migrations": migrated,
    "Row-level security": policies,
    "Clock": examining.clock,
    "Mail": examining.mail,
    "Redis": examining.cache,
    "Certificate": examining.certificate,
    "Queue": examining.queue,
}
