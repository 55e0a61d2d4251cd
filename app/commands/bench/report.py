"""What was measured, as a table for people, as JSON for programs, and as Markdown for docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.commands.bench.measuring import Figures
from app.commands.bench.rows import Row

AT = 8
"""The number of connections that targets are set for."""


@dataclass(frozen=True)
class Check:
    """One promise: what it says, what came out, what was wanted, and whether that holds."""

    what: str
    got: str
    wanted: str
    holds: bool


@dataclass
class Report:
    """Everything that one run found out."""

    tool: str
    figures: list[Figures] = field(default_factory=list)
    statements: dict[str, float] = field(default_factory=dict)
    checkout: dict[str, int] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    workers: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)
    """Other numbers by name: memory, seconds of a start."""

    def figure(self, row: str, connections: int) -> Figures | None:
        """One row's figures."""
        return next((one for one in self.figures if (one.row, one.connections) == (row, connections)), None)

    def check(self, what: str, got: float, wanted: float, unit: str = "", *, at_least: bool = False) -> None:
        """Note one promise with a number on either side."""
        holds = got >= wanted if at_least else got <= wanted
        sign = ">=" if at_least else "<="
        self.checks.append(Check(what, f"{got:.3g}{unit}", f"{sign} {wanted:g}{unit}", holds))

    def check_rows(self, rows: list[Row]) -> None:
        """The ratios and statements that the rows ask for."""
        connections = sorted({one.connections for one in self.figures})
        at = AT if AT in connections else connections[-1] if connections else AT
        for row in rows:
            ours, other = self.figure(row.name, at), self.figure(row.against, at)
            if row.least is not None and ours and other and other.rps:
                self.check(f"{row.name}, part of {row.against}", ours.rps / other.rps, row.least, "x", at_least=True)
            if row.most_statements is not None and row.name in self.statements:
                self.check(f"{row.name}, SQL statements", self.statements[row.name], row.most_statements)
        if self.checkout:
            placing = self.checkout.get("order placed", 0)
            self.check("whole checkout: order, payment and gateway, SQL statements", placing, 30)

    def write(self, path: Path) -> None:
        """The whole run as JSON."""
        content = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "machine": machine(),
            "driven_by": self.tool,
            "figures": [asdict(one) for one in self.figures],
            "statements": self.statements,
            "checkout": self.checkout,
            "workers": self.workers,
            "numbers": self.notes,
            "targets": [asdict(one) for one in self.checks],
        }
        path.write_text(json.dumps(content, indent=2) + "\n")

    def tables(self) -> list[tuple[str, list[str], list[list[str]]]]:
        """Headline, columns and lines of each table."""
        found = []
        if self.figures:
            lines = [_line(one, self.statements) for one in self.figures]
            columns = ["page", "connections", "requests/s", "p50 ms", "p99 ms", "CPU ms", "database CPU ms", "SQL"]
            found.append(("Pages", columns, lines))
        if self.workers:
            columns = list(self.workers[0])
            found.append(
                ("Shapes of the web server", columns, [[_shown(one[name]) for name in columns] for one in self.workers])
            )
        if self.checkout:
            found.append(("Checkout", ["step", "SQL"], [[step, str(count)] for step, count in self.checkout.items()]))
        if self.notes:
            found.append(("Numbers", ["what", "got"], [[what, f"{got:.4g}"] for what, got in self.notes.items()]))
        if self.checks:
            verdicts = [[one.what, one.got, one.wanted, "yes" if one.holds else "MISSED"] for one in self.checks]
            found.append(("Promises", ["promise", "got", "wanted", "kept"], verdicts))
        return found

    def for_people(self) -> str:
        """The tables with spaces between the columns."""
        parts = [f"{machine()}, driven by {self.tool}"]
        for headline, columns, lines in self.tables():
            widths = [max(len(row[place]) for row in [columns, *lines]) for place in range(len(columns))]
            shown = [
                "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                for row in [columns, *lines]
            ]
            parts.append("\n".join([headline, *(f"  {line.rstrip()}" for line in shown)]))
        return "\n\n".join(parts)

    def as_markdown(self) -> str:
        """The tables as docs/performance.md shows them."""
        parts = [f"Measured on {machine()}, driven by {self.tool}."]
        for headline, columns, lines in self.tables():
            rows = [columns, ["---"] * len(columns), *lines]
            parts.append("\n".join([f"### {headline}", "", *(f"| {' | '.join(row)} |" for row in rows)]))
        return "\n\n".join(parts) + "\n"


def machine() -> str:
    """What it ran on, in a few words."""
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    name = found[1] if found else platform.machine()
    return f"{len(os.sched_getaffinity(0))} cores ({name}), Python {platform.python_version()}"


def _line(one: Figures, statements: dict[str, float]) -> list[str]:
    counted = statements.get(one.row)
    return [
        one.row, str(one.connections), f"{one.rps:.0f}", f"{one.p50:.2f}", f"{one.p99:.2f}", f"{one.cpu_ms:.2f}",
        f"{one.database_cpu_ms:.2f}", "" if counted is None else f"{counted:g}",
    ]  # fmt: skip


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
