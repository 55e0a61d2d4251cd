"""Statements of a request that only reads: its transaction, tenant, statement and commit in one trip to the database.

Such a request (one that uses a frame, core/frames.py) needs no session for a statement that is prepared: under READ
COMMITTED every statement sees the database as it is at its own beginning, so that one transaction for each shows what
one for all of them would. The transaction may only read, holds the tenant like any other, and is over when the answer
is there. A request whose session has begun goes on in that session's transaction.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from sqlalchemy.exc import DBAPIError

from app.core import db, frames, isolation

_PREPARED = "prepared by core/reading.py"
_MOST_PREPARED = 200
_FORMATS = tuple([PyFormat.AUTO] * number for number in range(40))
_AS_NUMBER = re.compile(r"%%|%\(([^)]+)\)s")
_numbers = itertools.count()
_WRONG = {ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED, ExecStatus.NONFATAL_ERROR}


class Question:
    """A statement with $1, $2 ... in the place of the parameters that are named."""

    def __init__(self, words: str) -> None:
        """`words` as the driver's cursor takes them: `%(name)s`, and %% for a percent sign."""
        places: dict[str, int] = {}
        self.words = words

        def numbered(found: re.Match[str]) -> str:
            return f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%"

        self.sent = _AS_NUMBER.sub(numbered, words).encode()
        self.names = tuple(places)

    def rows(self, values: dict[str, Any], make: Callable[[list[str]], Callable[[Sequence[Any]], Any]]) -> list[Any]:
        """All rows, for the tenant that is entered; `make` gives what makes them, for the names of columns.

        Raises DBAPIError, as SQLAlchemy would. Listeners to the engine hear of it.
        """
        engine, tenant, fairy = db.db.engines[None], isolation.tenant_id(), None
        try:
            fairy = engine.raw_connection()
            for hear in engine.dispatch.before_cursor_execute:
                hear(fairy, None, self.words, values, None, False)
            driver: Any = fairy.dbapi_connection
            taken = Transformer(driver)
            given = taken.dump_sequence([values[name] for name in self.names], _FORMATS[len(self.names)])
            result = _exchanged(driver, fairy.info, tenant, self.sent, given, taken)
            if result is None:
                result = _exchanged(driver, fairy.info, tenant, self.sent, given, taken)
            taken.set_pgresult(result)
            names = [(result.fname(place) or b"").decode() for place in range(result.nfields)]
            found: list[Any] = taken.load_rows(0, result.ntuples, make(names))
        except BaseException as error:
            if fairy is not None:
                fairy.invalidate()  # in whatever state it is: the next one begins anew
            if not isinstance(error, psycopg.Error):
                raise
            raise DBAPIError.instance(
                self.words, values, error, psycopg.Error, connection_invalidated=True, dialect=engine.dialect
            ) from error
        for hear in engine.dispatch.after_cursor_execute:
            hear(fairy, None, self.words, values, None, False)
        fairy.close()
        return found


def is_possible() -> bool:
    """May this request's next statement stand alone? Not where it may change something, nor within a transaction."""
    if frames.current() is None:
        return False
    if not db.session.registry.has():
        return True
    current = db.session()
    return not (current.in_transaction() or current.new or current.dirty or current.deleted)


def _set_tenant(tenant: uuid.UUID) -> bytes:
    return f"SET LOCAL app.tenant = '{tenant}'".encode()


def _exchanged(
    driver: Any, info: dict[Any, Any], tenant: uuid.UUID, words: bytes, given: Sequence[Any], taken: Transformer
) -> Any:
    """Send all steps, then take the result of each; the statement's own is answered.

    None: what was prepared is gone, since the driver lets go of everything with a rollback; ask again.
    """
    line = driver.pgconn
    known: dict[Any, bytes] = info.setdefault(_PREPARED, {})
    key = words, taken.types
    name = known.get(key)
    is_new = name is None and len(known) < _MOST_PREPARED
    line.enter_pipeline_mode()
    line.send_query_params(b"BEGIN READ ONLY", None)
    line.send_query_params(_set_tenant(tenant), None)
    if is_new:
        name = b"alone_%d" % next(_numbers)
        line.send_prepare(name, words, taken.types)
    if name is None:
        line.send_query_params(words, given, taken.types, taken.formats)
    else:
        line.send_query_prepared(name, given, taken.formats)
    line.send_query_params(b"COMMIT", None)
    line.pipeline_sync()
    results = [driver.wait(generators.fetch_many(line))[0] for _ in range(6 if is_new else 5)]
    line.exit_pipeline_mode()
    wrong = next((result for result in results if result.status in _WRONG), None)
    if wrong is None:
        if is_new and name is not None:
            known[key] = name
        return results[-3]
    error = psycopg.errors.error_from_result(wrong, encoding=driver.info.encoding)
    if not isinstance(error, psycopg.errors.InvalidSqlStatementName) or not known:
        raise error
    known.clear()
    line.exec_(b"ROLLBACK")
    return None
