"""Is this process alive, and can it sell? Asked by launchers, load balancers and people, on any host.

The answers name no product and no cause: whoever runs the installation finds causes in the log.
"""

from __future__ import annotations

import functools
import logging
import os
import re

import msgspec
from flask import Response, make_response
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app import settings
from app.core import rowsecurity
from app.core.access import public
from app.core.db import db
from app.core.web import OpenDoor

log = logging.getLogger("app.health")
door = OpenDoor("health")
_REVISION = re.compile(r"^revision\b[^=\n]*= *[\"']([^\"']+)[\"']", re.MULTILINE)
_FOLLOWS = re.compile(r"^down_revision\b[^=\n]*= *[\"']([^\"']+)[\"']", re.MULTILINE)
"""Read from the files: loading what runs migrations would take a fifth of a web process's start."""


@door.get("/health/live")
@public
def live() -> Response:
    """The process answers; it says nothing about the database."""
    return _answer({"status": "alive"}, 200)


@door.get("/health/ready")
@public
def ready() -> Response:
    """200 when an order could be taken now: database, schema, isolation and files; else 503."""
    checks = examine()
    can_sell = all(checks.values())
    words = {name: "ok" if fine else "failing" for name, fine in checks.items()}
    return _answer({"status": "ready" if can_sell else "unavailable", "checks": words}, 200 if can_sell else 503)


def examine() -> dict[str, bool]:
    """Each check by name; what failed is in the log."""
    checks = {"database": False, "schema": False, "isolation": False, "files": _files_can_be_written()}
    try:
        with db.engines[None].connect() as connection:
            checks["database"] = _can_be_written(connection)
            checks["schema"] = _schema_is_current(connection)
            checks["isolation"] = _keeps_tenants_apart(connection)
    except SQLAlchemyError as problem:
        log.warning("not ready: %s", problem.__class__.__name__, exc_info=True)
    return checks


def _can_be_written(connection: Connection) -> bool:
    """A standby, or a primary that was told to be read-only, takes no orders."""
    state = connection.execute(text("select pg_is_in_recovery(), current_setting('transaction_read_only')")).one()
    return tuple(state) == (False, "off")


def _schema_is_current(connection: Connection) -> bool:
    """The database stands at the last migration that this code knows."""
    readable = "select coalesce(has_table_privilege(current_user, to_regclass('alembic_version'), 'select'), false)"
    if not connection.execute(text(readable)).scalar_one():
        log.warning("not ready: the version of the schema cannot be read")
        return False
    version = connection.execute(text("select version_num from alembic_version")).scalars().all()
    if set(version) != newest_revisions():
        log.warning("not ready: schema is at %s, code wants %s", version, newest_revisions())
    return set(version) == newest_revisions()


def _keeps_tenants_apart(connection: Connection) -> bool:
    problems = rowsecurity.problems(connection)
    for problem in problems:
        log.warning("not ready: %s", problem)
    return not problems


def _files_can_be_written() -> bool:
    return os.access(settings.current().home, os.W_OK)


@functools.cache
def newest_revisions() -> frozenset[str]:
    """The heads of the migrations that came with this code."""
    texts = [path.read_text() for path in (settings.ROOT / "migrations/versions").glob("*.py")]
    known = {name for text in texts for name in _REVISION.findall(text)}
    return frozenset(known - {name for text in texts for name in _FOLLOWS.findall(text)})


def _answer(body: dict[str, object], status: int) -> Response:
    response = make_response(msgspec.json.encode(body), status)
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
