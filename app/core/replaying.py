"""A request that met a database on the move is done again, instead of telling somebody that it failed.

When the primary dies, a standby takes its place within seconds. Until then every statement fails, and each connection
that a process still holds leads to a server that is gone. A request that failed by that, and of which nothing can have
been committed, is put to the application once more from its beginning, for ten seconds at most. One whose commit was
sent and not answered is done again only where its key makes that harmless (core/rest_keys.py); anybody else is told to
look before trying again.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from flask import Flask, has_request_context, request
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import db

log = logging.getLogger("app.replaying")
SECONDS = 10.0
"""From the beginning of the request, as long as a balancer or a person waits without giving up."""
LARGEST_BODY = 1_000_000
"""Bytes that are kept to be read again: more than any form or program sends but files."""
_PAUSES = (0.05, 0.1, 0.2, 0.4)
_AWAY, _SENT = "app.database_is_away", "app.commit_was_sent"
_GONE_STATES = {
    "25006",  # read-only: the primary became a standby
    "57P01", "57P02", "57P03",  # shut down, crashed, not yet ready
}  # fmt: skip
Environ = dict[str, Any]


def is_away(problem: BaseException) -> bool:
    """Whether it was the database that could not be reached, or that takes no changes any more."""
    if isinstance(problem, DBAPIError):
        return bool(problem.connection_invalidated) or (problem.orig is not None and is_away(problem.orig))
    if not isinstance(problem, psycopg.Error):
        return False
    if problem.sqlstate is None:
        return isinstance(problem, psycopg.OperationalError)  # no server answered
    return problem.sqlstate in _GONE_STATES or problem.sqlstate.startswith("08")


def note(problem: BaseException) -> bool:
    """Remember that this request failed by it, and let go of every connection to the server that is gone."""
    if not is_away(problem):
        return False
    request.environ[_AWAY] = True
    for engine in db.db.engines.values():
        engine.dispose()
    return True


@event.listens_for(Session, "before_commit")
def _commit_is_sent(session: Session) -> None:
    if has_request_context() and not session.in_nested_transaction():
        request.environ[_SENT] = True


class Replaying:
    """WSGI: the application behind it, asked again where that can do no harm."""

    def __init__(self, behind: Callable[..., Iterable[bytes]]) -> None:
        self.behind = behind

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """One request."""
        if not _can_be_read_again(environ):
            return self.behind(environ, start)
        until = time.monotonic() + SECONDS
        if environ.get("CONTENT_LENGTH") not in {None, "", "0"}:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        as_it_came = dict(environ)
        for turn in range(1_000):
            began: list[Any] = []
            answer = self.behind(environ, lambda *told, keep=began: keep.append(told) or _refuse_to_write)
            pause = _PAUSES[min(turn, len(_PAUSES) - 1)]
            if not environ.get(_AWAY) or not _may_be_done_again(environ) or time.monotonic() + pause > until:
                break
            _close(answer)
            environ.clear()
            environ.update(as_it_came)
            if isinstance(environ["wsgi.input"], io.BytesIO):
                environ["wsgi.input"].seek(0)
            time.sleep(pause)
        if turn:
            log.warning("%s %s was done again, %s times", environ["REQUEST_METHOD"], environ.get("PATH_INFO"), turn)
        start(*began[-1])
        return answer


def _can_be_read_again(environ: Environ) -> bool:
    length = environ.get("CONTENT_LENGTH") or "0"
    return environ.get("HTTP_TRANSFER_ENCODING") is None and length.isdigit() and int(length) <= LARGEST_BODY


def _may_be_done_again(environ: Environ) -> bool:
    """Reading always; a change when no commit was sent, or when its key answers a second time like the first."""
    if environ["REQUEST_METHOD"] in {"GET", "HEAD", "OPTIONS"} or not environ.get(_SENT):
        return True
    return bool(environ.get("HTTP_IDEMPOTENCY_KEY")) and "/api/" in environ.get("PATH_INFO", "")


def _refuse_to_write(_: bytes) -> None:
    raise NotImplementedError("answers are returned, not written")


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def init_app(app: Flask) -> None:
    """Stand in front of Flask. Opens no connection."""
    app.wsgi_app = Replaying(app.wsgi_app)  # type: ignore[method-assign,assignment]  # Flask's own way
