"""One thread a process hears from the database what changed (LISTEN), and tells core/frames.py.

It starts with the first request that asks, so always after a fork. While it has not heard anything for a second, not
even the answer to its own question, this process believes nothing that it remembers.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
import time
import uuid

import psycopg

from app import settings
from app.core import bearers, frames, telling
from app.core.shown import CHANNEL

log = logging.getLogger("app.listening")
DEAF_AFTER = 1.0
_PULSE = 0.3
_PAUSES = (0.1, 0.5, 1.0, 2.0)


class Listener:
    """Holds a connection of its own; `is_heard` is what others ask."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As in a new process: in a child the thread is gone, and a lock may be held for ever."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._heard_at = 0.0
        self._echo = ""

    def is_heard(self) -> bool:
        """Would this process have heard of a change a second ago? Starts the thread when there is none."""
        if time.monotonic() - self._heard_at < DEAF_AFTER:
            return True
        if self._thread is None and settings.current().page_cache == "on":
            self._start()
        return False

    def wait_until_heard(self, seconds: float = 5.0) -> bool:
        """For tests and commands: wait for the first pulse."""
        ends = time.monotonic() + seconds
        while not self.is_heard() and time.monotonic() < ends:
            time.sleep(0.01)
        return self.is_heard()

    def stop(self) -> None:
        """End the thread and its connection."""
        thread = self._thread
        if thread is not None:
            self._stop.set()
            thread.join(5)
        self.begin()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(self._stop,), name="listening", daemon=True)
                self._thread.start()

    def _run(self, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                with _connect() as connection:
                    failures = 0
                    self._listen(connection, stop)
            except (psycopg.Error, OSError) as problem:
                log.warning("changes are not heard: %s", type(problem).__name__)
            self._heard_at = 0.0
            if not stop.is_set():
                stop.wait(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    def _listen(self, connection: psycopg.Connection[tuple[object, ...]], stop: threading.Event) -> None:
        connection.add_notify_handler(self._hear)
        connection.execute(f"listen {CHANNEL}")
        self._prove(connection)
        frames.known.forget()  # whatever was missed while nobody listened
        bearers.kept.forget()
        telling.forget_everything()
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        while not stop.is_set():
            connection.execute("select 1")  # every notification sent before this answer has arrived with it
            self._heard_at = time.monotonic()
            poll.poll(_PULSE * 1000)

    def _prove(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Hear oneself: a pooler that hands out connections by transaction would swallow every notification."""
        word = f"echo {uuid.uuid4()}"
        connection.execute("select pg_notify(%s, %s)", (CHANNEL, word))
        connection.execute("select 1")
        if self._echo != word:
            raise psycopg.OperationalError("notifications do not come through this connection")

    def _hear(self, notice: psycopg.Notify) -> None:
        if notice.payload.startswith("echo "):
            self._echo = notice.payload
            return
        with contextlib.suppress(ValueError, IndexError):
            tenant, version, *more = notice.payload.split(" ")
            if version == bearers.WORD:
                bearers.kept.forget(uuid.UUID(tenant))
                return
            if telling.hear(version, uuid.UUID(tenant)):
                return
            frames.known.hear(uuid.UUID(tenant), int(version), of_hosts=bool(more))


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        settings.current().database_url, autocommit=True, connect_timeout=5, application_name="listening",
        keepalives_idle=10, keepalives_interval=3, keepalives_count=3,
    )  # fmt: skip


listener = Listener()
os.register_at_fork(after_in_child=listener.begin)


def init_app() -> None:
    """Let this process believe what it remembers while it hears. Opens no connection."""
    frames.believe_while(listener.is_heard)
