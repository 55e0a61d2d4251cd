"""Which gunicorn: the same pages under several worker classes and counts, and how evenly they share the work."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.commands.bench.driving import drive
from app.commands.bench.gauges import cpu_seconds, spent
from app.commands.bench.ground import Site, free_port
from app.commands.bench.rows import Row
from app.settings import Settings


@dataclass(frozen=True)
class Shape:
    """A worker class with so many processes of so many threads."""

    kind: str
    workers: int
    threads: int

    @property
    def name(self) -> str:
        """`gthread 2x4`."""
        return f"{self.kind} {self.workers}x{self.threads}"


SHAPES = (
    Shape("gthread", 2, 4), Shape("gthread", 2, 2), Shape("gthread", 2, 8), Shape("gthread", 1, 8),
    Shape("gthread", 3, 4), Shape("gthread", 4, 2), Shape("sync", 2, 1), Shape("sync", 4, 1),
)  # fmt: skip
RUNS = 6
CONNECTIONS = 8


def compare(
    configured: Settings, rows: list[Row], seconds: float, progress: Callable[[str, int, int], None]
) -> list[dict[str, Any]]:
    """Requests a second, slowest hundredth and the idlest worker's part, for each shape and page."""
    found = []
    for number, shape in enumerate(SHAPES, 1):
        own = replace(configured, web_workers=shape.workers, web_threads=shape.threads)
        anew = replace(own, page_cache_mb=0, port=free_port())
        how = ("--worker-class", shape.kind)
        with Site(own, extra=how) as site, Site(anew, extra=how) as forgetful:
            found += [_of_row(shape, row, forgetful if row.is_made_anew else site, seconds) for row in rows]
            memory = site.memory()
        for line in found[-len(rows) :]:
            line["memory MB"] = round(memory)
        progress("Shapes", number, len(SHAPES))
    return found


def _of_row(shape: Shape, row: Row, site: Site, seconds: float) -> dict[str, Any]:
    """Several runs, each over fresh connections: how the kernel deals them out is what differs."""
    requests = row.requests(site)
    drive(requests, site.port, connections=CONNECTIONS, seconds=1)
    speeds, slowest, idlest = [], [], []
    for _ in range(RUNS):
        before = cpu_seconds(site.pid)
        driven = drive(requests, site.port, connections=CONNECTIONS, seconds=seconds)
        taken = [part for pid, part in spent(before, cpu_seconds(site.pid)).items() if pid != site.pid]
        speeds.append(driven.rps)
        slowest.append(driven.p99)
        idlest.append(100 * min(taken, default=0.0) / (sum(taken) or 1.0))
    return {
        "shape": shape.name,
        "page": row.name,
        "requests/s": round(statistics.median(speeds)),
        "worst run": round(min(speeds)),
        "p99 ms": statistics.median(slowest),
        "idlest worker, % of the work": " ".join(f"{part:.0f}" for part in sorted(idlest)),
    }
