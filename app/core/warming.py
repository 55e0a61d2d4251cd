"""Requests that a process answers to itself before it is forked.

What they import, compile and touch is then in memory that all its copies share. Without, each copy does all of it by
itself at its first requests, and pays for it in memory of its own. A rehearsal can change nothing: its transactions may
only read, nothing it remembers is believed, no thread starts, and its connections are closed when it ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, event
from werkzeug.test import create_environ, run_wsgi_app

from app import settings
from app.core import db, frames

log = logging.getLogger("app.warming")


def rehearse(app: Flask, find_host: Callable[[], str | None], paths: Iterable[str]) -> None:
    """Ask for these pages at a host, where there is one; what fails is reported and left to visitors."""
    with _only_reading(app), frames.nothing_believed():
        with app.app_context():
            host = find_host()
        if host is None:
            return
        for path in paths:
            try:
                run_wsgi_app(app, create_environ(path, settings.current().public_origin(host)), buffered=True)
            except Exception:
                log.warning("%s could not be rehearsed", path, exc_info=True)


@contextmanager
def _only_reading(app: Flask) -> Iterator[None]:
    """Every transaction may only read; at the end all connections are closed."""
    engines = db.engines_of(app)
    for engine in engines:
        event.listen(engine, "begin", _read_only)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "begin", _read_only)
            engine.dispose()


def _read_only(connection: Connection) -> None:
    connection.exec_driver_sql("set transaction read only")
