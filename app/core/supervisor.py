"""Keeps several programs running under one parent: starts them in order, restarts what dies, stops them in order.

Every program ends when the parent does, even when the parent is killed outright.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.core.trouble import Trouble
from app.core.unprivileged import dies_with_parent

LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
LOG_SIZE = 10_000_000


class Stopped(BaseException):
    """The parent was asked to stop. Not an Exception: nothing that goes on after errors may catch it."""


class Part(Protocol):
    """Something the supervisor keeps running."""

    name: str

    def start(self) -> None:
        """Start it; called again after it died."""

    def exit_status(self) -> int | None:
        """None while it runs."""

    def stop(self) -> None:
        """End it and wait until it has ended."""


class Program:
    """A child process with a log of its own. It is asked to stop, given time, then killed."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], log: Path, patience: float
    ) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.patience = patience
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id; 0 before the first start."""
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start the program in a session of its own: Ctrl-C reaches the parent, who stops it in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_SIZE:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    def exit_status(self) -> int | None:
        """None while it runs."""
        return self.process.poll() if self.process else 0

    def stop(self) -> None:
        """SIGTERM, wait, then SIGKILL for the whole session."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of the log, for a person who has to find out why it does not start."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


@dataclass
class _Watched:
    part: Part
    since: float = field(default_factory=time.monotonic)
    deaths: int = 0
    again_at: float | None = None


class Supervisor:
    """Starts parts in the order they are added, and stops them in the opposite one.

    with Supervisor(report=print) as supervisor:
        supervisor.add(database)
        supervisor.add(web)
        supervisor.watch()
    """

    def __init__(self, report: Callable[[str], None], *, interval: float = 0.2) -> None:
        self.report, self.interval = report, interval
        self._watched: list[_Watched] = []

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Stop everything; a second Ctrl-C does not leave half of it running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for watched in reversed(self._watched):
            watched.part.stop()
        return isinstance(error, Stopped)

    def add(self, part: Part) -> None:
        """Start a part and keep it running from now on."""
        self._watched.append(_Watched(part))
        part.start()

    def watch(self) -> None:
        """Restart what dies, until somebody asks us to stop; raises Stopped then."""
        while True:
            time.sleep(self.interval)
            self.look_around()

    def look_around(self) -> None:
        """Notice what died, and start what has paused long enough."""
        for watched in self._watched:
            self._look_after(watched)

    def _look_after(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.again_at is not None:
            if now >= watched.again_at:
                watched.again_at, watched.since = None, now
                self._start_again(watched)
            return
        status = watched.part.exit_status()
        if status is None:
            return
        watched.deaths = 1 if now - watched.since > HEALTHY_AFTER else watched.deaths + 1
        pause = min(0.5 * 2 ** (watched.deaths - 1), LONGEST_PAUSE)
        watched.again_at = now + pause
        self.report(f"{watched.part.name} ended ({described(status)}); starting it again in {pause:g} s.")

    def _start_again(self, watched: _Watched) -> None:
        try:
            watched.part.stop()
            watched.part.start()
        except (OSError, Trouble) as trouble:
            self.report(f"{watched.part.name} does not start: {trouble}")


def described(status: int) -> str:
    """An exit status in words: `exit 1`, or the name of the signal."""
    if status >= 0:
        return f"exit {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


def _stop(number: int, frame: object) -> None:
    raise Stopped(signal.Signals(number).name)
