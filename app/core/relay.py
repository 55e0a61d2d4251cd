"""The relay: new rows of the event log become jobs. Each hand-over is one transaction, so nothing is lost or doubled.

It reads across tenants and so runs as the operator, in the worker; no tenant's request comes this way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import namedtuple_row

from app import settings
from app.core import events, jobs
from app.core.later import later

if TYPE_CHECKING:
    import procrastinate
else:
    procrastinate = later("procrastinate")  # a web process only registers what the relay gives batches to

log = logging.getLogger("app.relay")
_batch = 200
_take = (
    "select tenant_id, id, kind, name, version, payload, occurred_at from public.event where relayed_at is null"  # noqa: S608 - our own words
    f" and (tenant_id not in ({jobs.SUSPENDED}) or name = any(%s)) order by id limit %s for update skip locked"
)
_mark = (
    "update public.event set relayed_at = now()"
    " where (tenant_id, id) = any(select * from unnest(%s::uuid[], %s::uuid[]))"
)

Spread = Callable[[psycopg.Connection[Any], Sequence[Any]], None]
_spreads: dict[str, Spread] = {}


def also(spread: Spread) -> None:
    """Give every batch of facts to a function too, in the transaction that hands them over; it reads all tenants."""
    _spreads[f"{spread.__module__}.{spread.__qualname__}"] = spread


def relay_once(connection: psycopg.Connection[Any]) -> int:
    """Hand over one batch; returns its size. The connection's transaction is committed here."""
    with connection.transaction():
        rows = connection.execute(_take, [jobs.urgent(), _batch]).fetchall()
        _hand_over(connection, rows)
        facts = [row for row in rows if row.kind == "fact"]
        for spread in _spreads.values() if facts else ():
            spread(connection, facts)
        if rows:
            connection.execute(_mark, [[row.tenant_id for row in rows], [row.id for row in rows]])
    return len(rows)


def relay_all() -> int:
    """Hand over all that waits; returns how many rows."""
    with connect() as connection:
        total = 0
        while count := relay_once(connection):
            total += count
        return total


def connect() -> psycopg.Connection[Any]:
    """A connection as the operator that sees the queue's schema."""
    return psycopg.connect(
        settings.current().operator_url,
        autocommit=True,
        row_factory=namedtuple_row,
        options=f"-c search_path={jobs.SCHEMA}",
    )


def run_until(stop: threading.Event) -> None:
    """Relay whenever somebody commits, and sweep every two seconds; reconnect when the database goes away."""
    while not stop.is_set():
        try:
            with connect() as connection:
                connection.execute(f"listen {events.CHANNEL}")
                while not stop.is_set():
                    while relay_once(connection):
                        pass
                    for _ in connection.notifies(timeout=2, stop_after=1):
                        pass
        except psycopg.OperationalError as problem:
            log.warning("the relay lost its connection: %s", problem)
            stop.wait(1)


def _hand_over(connection: psycopg.Connection[Any], rows: Sequence[Any]) -> None:
    """Queue what the rows ask for: a statement for each task and time, in the order of the log."""
    wanted: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in rows:
        for name, moment, arguments in _jobs_of(row):
            wanted.setdefault((name, moment), []).append({"tenant": str(row.tenant_id), **arguments})
    for (name, moment), each in wanted.items():
        _defer(connection, name, moment, each)


def _jobs_of(row: Any) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """The jobs of a row: task, time (ISO 8601, or None for now) and arguments."""
    if row.kind != "job":
        for reaction in events.reactions_to(row.name):
            yield jobs.REACT, None, {"reaction": reaction, "fact": row.name, "payload": row.payload}
    elif row.name not in jobs.queue_app.tasks:
        log.error("no job is called %s", row.name)
    elif row.name == jobs.REACT:
        yield jobs.REACT, None, dict(row.payload)
    else:
        arguments = dict(row.payload)
        moment = arguments.pop(jobs.NOT_BEFORE, None)
        yield row.name, moment, {"arguments": arguments}


def _defer(connection: psycopg.Connection[Any], name: str, moment: str | None, each: list[dict[str, Any]]) -> None:
    """Queue a task on this very connection. The worker's own app is busy with an asynchronous one."""
    task = jobs.queue_app.tasks[name]
    when = datetime.fromisoformat(moment) if moment else None
    _deferring().configure_task(
        name, queue=task.queue, priority=task.priority, connection=connection, schedule_at=when
    ).batch_defer(*each)


@cache
def _deferring() -> procrastinate.App:
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
