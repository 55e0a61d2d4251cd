"""The log of what programs ask the API: noted in memory, written together once a second, so that no request waits.

What a crash or a flood loses is lost: this log helps developers to find their mistakes, it proves nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import uuid
from collections import defaultdict, deque
from typing import Any

import msgspec
from flask import Flask, Response, g, request
from sqlalchemy import ARRAY, bindparam, column, func, insert, select

from app.core import clock, db, ids, isolation
from app.core.rest import PREFIX
from app.platform.developers.models import ApiRequest

log = logging.getLogger("app.developers")
_MOST_WAITING = 2_000
_MOST_AT_ONCE = 500
_PAUSE = 1.0
_LONGEST_PATH = 200


class _Refusal(msgspec.Struct):
    code: str = ""


class Notebook:
    """What was noted and not yet written, with the thread that writes; it starts with the first note."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process: in a child the thread is gone, and a lock may be held for ever."""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self.waiting: deque[tuple[uuid.UUID, dict[str, Any]]] = deque(maxlen=_MOST_WAITING)

    def note(self, app: Flask, row: dict[str, Any]) -> None:
        """Keep a line for the next writing."""
        self.waiting.append((isolation.tenant_id(), row))
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, args=(app,), name="noting", daemon=True)
                    self._thread.start()

    def write(self, app: Flask) -> None:
        """Write what waits, shop by shop; of a flood the newest lines. What another thread is writing is waited for."""
        with self._writing:
            found: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
            with contextlib.suppress(IndexError):
                while True:
                    tenant, row = self.waiting.popleft()
                    found[tenant].append(row)
            for tenant, rows in found.items():
                with app.app_context():
                    try:
                        with db.unit_of_work(tenant):
                            _write_together(rows[-_MOST_AT_ONCE:])
                    except Exception:
                        log.warning("%s requests of programs were not noted", len(rows), exc_info=True)

    def _run(self, app: Flask) -> None:
        while True:
            time.sleep(_PAUSE)
            if self.waiting:
                self.write(app)


def _write_together(rows: list[dict[str, Any]]) -> None:
    """All lines by one statement: each by its own takes longer than what they tell of."""
    lines = [row | {"tenant_id": isolation.tenant_id(), "id": ids.new_id()} for row in rows]
    columns = {one.name: one.type for one in ApiRequest.__table__.columns}
    given = [bindparam(name, [line[name] for line in lines], ARRAY(kind)) for name, kind in columns.items()]
    together = (
        func.unnest(*given)
        .table_valued(*(column(name, kind) for name, kind in columns.items()), name="line")
        .render_derived()
    )
    db.session.execute(insert(ApiRequest).from_select(list(columns), select(*together.columns)))


notebook = Notebook()
os.register_at_fork(after_in_child=notebook.begin)


def register(app: Flask) -> None:
    """Look at every request to the API on its way in and out."""
    app.before_request(_begin)
    app.after_request(lambda response: _note(app, response))


def _begin() -> None:
    if request.path.startswith(PREFIX):
        g.asked_at = time.perf_counter()


def _note(app: Flask, response: Response) -> Response:
    actor = g.get("actor")
    if "asked_at" in g and actor is not None and actor.kind == "client":
        notebook.note(app, {
            "at": clock.now(), "program_id": actor.id, "program": actor.name, "method": request.method,
            "path": request.path[:_LONGEST_PATH], "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.asked_at) * 1000), "code": _code_of(response),
        })  # fmt: skip
    return response


def _code_of(response: Response) -> str:
    if response.status_code < 400 or response.is_streamed:
        return ""
    with contextlib.suppress(msgspec.MsgspecError):
        return msgspec.json.decode(response.get_data(), type=_Refusal).code
    return ""
