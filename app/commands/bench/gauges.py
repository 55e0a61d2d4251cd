"""What the kernel knows of processes: their children, the CPU time they took, the memory they hold."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_TICK = 1.0 / os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)


def family(pid: int) -> list[int]:
    """A process and all below it, the parent first."""
    parents = {one: _fields(one)[1] for one in _all_processes()}
    found = [pid]
    for member in found:
        found += sorted(child for child, parent in parents.items() if parent == str(member))
    return found


def cpu_seconds(pid: int) -> dict[int, float]:
    """User and system time so far of a process and all below it."""
    times = {}
    for member in family(pid):
        fields = _fields(member)
        if len(fields) > 12:
            times[member] = (int(fields[11]) + int(fields[12])) * _TICK
    return times


def spent(before: dict[int, float], after: dict[int, float]) -> dict[int, float]:
    """Seconds that each process took between two readings."""
    return {pid: seconds - before.get(pid, 0.0) for pid, seconds in after.items()}


def memory(pid: int) -> float:
    """Megabytes (of a million bytes) that a process and all below it hold: PSS, so that shared pages count once."""
    return sum(_pss(member) for member in family(pid)) / 1000


def _pss(pid: int) -> int:
    """Kilobytes (of a thousand bytes); 0 for a process that has ended."""
    with contextlib.suppress(*_GONE):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 // 1000
    return 0


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _fields(pid: int) -> list[str]:
    """/proc/<pid>/stat from the state on: [state, parent, ...]; placeholders for a process that has ended."""
    with contextlib.suppress(*_GONE):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return ["X", "-1"]
