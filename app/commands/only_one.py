"""One installation runs once: a lock in the home, with a note about who holds it and what it started."""

import contextlib
import fcntl
import json
import os
import signal
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from app.core.trouble import Trouble

PATIENCE = 10.0


class AlreadyRunning(Trouble):
    """Somebody else runs this installation; the message says who and where."""


class OnlyOne:
    """Held while an installation runs. Taking it ends what a killed predecessor left behind."""

    def __init__(self, home: Path, address: str) -> None:
        self.path = home / "running.json"
        self.address = address
        self._children: dict[str, tuple[int, str]] = {}

    def __enter__(self) -> "OnlyOne":
        """Take the lock; raises AlreadyRunning."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.path, "a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._noted()
            self._file.close()
            raise AlreadyRunning(
                f"Livery already runs here, as process {holder.get('pid', '?')} at {holder.get('address', '?')}: "
                f"use it, or stop it with `kill {holder.get('pid', '?')}`."
            ) from None
        end_leftovers({name: (pid, born) for name, (pid, born) in self._noted().get("children", {}).items()})
        self._note()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.truncate(0)
        self._file.close()

    def started(self, name: str, pid: int) -> None:
        """Note a child, so that a successor finds it if we are killed."""
        self._children[name] = (pid, birth_of(pid))
        self._note()

    def _noted(self) -> dict[str, Any]:
        self._file.seek(0)
        with contextlib.suppress(ValueError):
            noted = json.loads(self._file.read() or "{}")
            return noted if isinstance(noted, dict) else {}
        return {}

    def _note(self) -> None:
        self._file.truncate(0)
        json.dump({"pid": os.getpid(), "address": self.address, "children": self._children}, self._file)
        self._file.flush()


def end_leftovers(children: dict[str, tuple[int, str]]) -> None:
    """Wait for orphans that are stopping already; end the ones that do not."""
    deadline = time.monotonic() + PATIENCE
    for pid, born in children.values():
        while birth_of(pid) == born:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
            time.sleep(0.1)


def birth_of(pid: int) -> str:
    """When a process began, in clock ticks since boot; tells it from one that got its number later. Empty: gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]
