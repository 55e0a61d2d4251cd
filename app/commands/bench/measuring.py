"""Rounds of runs over all rows, ours and the yardsticks' in turn, so that a busy minute hits both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import psycopg

from app.commands.bench import gauges
from app.commands.bench.browsing import Browser
from app.commands.bench.driving import Driven, Request, drive, one_by_one
from app.commands.bench.ground import Ground, Site
from app.commands.bench.rows import Row, buy

_NOT_COUNTED = (
    "begin",
    "commit",
    "rollback",
    "set ",
    "reset",
    "listen",
    "unlisten",
    "deallocate",
    "savepoint",
    "release",
)
_HEARTBEAT = ["select 1", "select $1"]
"""The listener's, which belongs to no request; the database writes it down in either way."""
_READ = (
    "select coalesce(sum(calls), 0) from pg_stat_statements"
    " where dbid = (select oid from pg_database where datname = %s) and userid <> 'postgres'::regrole"
    " and not lower(ltrim(query)) like any (%s)"
)

_CHANGE = (
    "with raised as (insert into page_version (tenant_id, version) values (%(tenant)s, 1) on conflict (tenant_id)"
    " do update set version = page_version.version + 1 returning version)"
    " select pg_notify('pages', concat_ws(' ', %(tenant)s::text, version)) from raised"
)
_UNTIL_HEARD = 0.2
COUNTED = 200
"""Requests over which statements are counted: so many and no more, since one that is cut off would count too."""


@dataclass(frozen=True)
class Figures:
    """One row at one number of connections: medians over the rounds. Times in milliseconds."""

    row: str
    connections: int
    rps: float
    p50: float
    p99: float
    cpu_ms: float
    """Processor time of the web server's processes, a request."""
    database_cpu_ms: float
    idlest: float
    """The part of the web processes' work that the least busy one of them did; a half is even for two."""


def measure(
    rows: list[tuple[Row, Site]],
    ground: Ground,
    *,
    connections: list[int],
    seconds: float,
    rounds: int,
    progress: Callable[[str, int, int], None],
) -> list[Figures]:
    """Drive every row in every round, in the opposite order every other round; medians."""
    planned = {row.name: row.requests(site) for row, site in rows}
    for row, site in rows:
        drive(planned[row.name], site.port, connections=8, seconds=1)
    found: dict[tuple[str, int], list[Figures]] = {}
    whole, done = rounds * len(connections) * len(rows), 0
    for turn in range(rounds):
        for many in connections:
            for row, site in rows if turn % 2 == 0 else reversed(rows):
                figures = _one(row.name, planned[row.name], site, ground, many, seconds)
                found.setdefault((row.name, many), []).append(figures)
                done += 1
                progress("Runs", done, whole)
    return [_median(found[row.name, many]) for row, _ in rows for many in connections]


def _one(name: str, requests: list[Request], site: Site, ground: Ground, connections: int, seconds: float) -> Figures:
    before, before_database = gauges.cpu_seconds(site.pid), gauges.cpu_seconds(ground.database_pids())
    driven: Driven = drive(requests, site.port, connections=connections, seconds=seconds)
    spent = gauges.spent(before, gauges.cpu_seconds(site.pid))
    database = gauges.spent(before_database, gauges.cpu_seconds(ground.database_pids()))
    workers = [taken for pid, taken in spent.items() if pid != site.pid]
    many = max(driven.requests, 1)
    return Figures(
        row=name,
        connections=connections,
        rps=driven.rps,
        p50=driven.p50,
        p99=driven.p99,
        cpu_ms=sum(spent.values()) * 1000 / many,
        database_cpu_ms=sum(database.values()) * 1000 / many,
        idlest=min(workers, default=0.0) / (sum(workers) or 1.0),
    )


def _median(runs: list[Figures]) -> Figures:
    values: list[dict[str, Any]] = [asdict(run) for run in runs]
    numbers = {
        name: statistics.median(value[name] for value in values)
        for name in ("rps", "p50", "p99", "cpu_ms", "database_cpu_ms")
    }
    idlest = min(run.idlest for run in runs)
    return Figures(row=runs[0].row, connections=runs[0].connections, idlest=idlest, **numbers)


class Counter:
    """Counts the statements that one database got, by what the database itself noted down."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self.name = site.configured.home.name
        self.connection = psycopg.connect(ground.server.url("postgres", self.name), autocommit=True)

    def reset(self) -> None:
        """Begin at none."""
        self.connection.execute("select pg_stat_statements_reset()")

    def read(self) -> int:
        """Statements since then, without those that only begin, end or set up a transaction."""
        row = self.connection.execute(
            _READ, (self.name, [*(f"{word}%" for word in _NOT_COUNTED), *_HEARTBEAT])
        ).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Let the database go."""
        self.connection.close()


def statements(rows: list[tuple[Row, Site]], ground: Ground) -> dict[str, float]:
    """Statements a request of each row, counted over requests that come one by one."""
    counted = {}
    for row, site in rows:
        counter = Counter(ground, site)
        requests = row.requests(site)
        drive(requests, site.port, connections=1, seconds=1)
        counter.reset()
        one_by_one(requests, site.port, COUNTED)
        counted[row.name] = round(counter.read() / COUNTED, 1)
        counter.close()
    return counted


def first_after_a_change(ground: Ground, site: Site, tenant: UUID, path: str, times: int = 15) -> float:
    """Milliseconds of a page that is the first since its shop changed, so that nothing is known of it; the median."""
    browser = Browser(site.host(), site.port)
    browser.get(path)
    took = []
    with psycopg.connect(ground.server.url("postgres", site.configured.home.name), autocommit=True) as connection:
        for _ in range(times):
            connection.execute(_CHANGE, {"tenant": tenant})
            time.sleep(_UNTIL_HEARD)
            browser.get(path)
            took.append(browser.milliseconds)
    return statistics.median(took)


def checkout_statements(ground: Ground, site: Site) -> dict[str, int]:
    """Statements of each step of a purchase, after one that warmed everything up."""
    buy(site, lambda step: None, number=3)
    counter = Counter(ground, site)
    counted: dict[str, int] = {}

    def note(step: str) -> None:
        if step:
            counted[step] = counter.read()
        counter.reset()

    counter.reset()
    buy(site, note, number=5)
    counter.close()
    return counted
