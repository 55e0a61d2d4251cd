"""Real processes of one role, on the database of this test run."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO

from app.settings import ROOT, Settings

PATIENCE = 60.0


class WebProcess:
    """`./livery serve` in one role, as a deployment runs it."""

    def __init__(self, configured: Settings, process: "subprocess.Popen[bytes]", log: IO[bytes]) -> None:
        self.configured, self.process, self.log = configured, process, log

    def status(self, method: str, path: str, host: str) -> int:
        """The status of one request; 0 while nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.configured.port, timeout=30)
        headers = {"Host": f"{host}:{self.configured.port}", "Connection": "close"}
        with contextlib.closing(connection), contextlib.suppress(ConnectionError):
            connection.request(method, path, headers=headers)
            return connection.getresponse().status
        return 0

    def said(self) -> str:
        """Its log."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def is_ready(self) -> bool:
        """Whether it can sell; fails at once when it has ended."""
        assert self.process.poll() is None, self.said()
        return self.status("GET", "/health/ready", "anywhere") == 200


@contextlib.contextmanager
def serving(configured: Settings, role: str, *, workers: int = 1) -> Iterator[WebProcess]:
    """A web process of one role, ready; stopped at the end."""
    own = replace(configured, role=role, port=free_port(), web_workers=workers)
    with started(own, "serve") as (process, log):
        web = WebProcess(own, process, log)
        wait_for(web.is_ready)
        yield web


@contextlib.contextmanager
def started(configured: Settings, command: str) -> "Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]":
    """One of our commands with these settings."""
    environment = os.environ | configured.to_environment() | {"PYTHONPATH": str(ROOT)}
    with open(configured.home / f"{command}-{configured.role}.log", "w+b") as log:
        program = [sys.executable, "-P", "-m", "app.cli", command]
        process = subprocess.Popen(program, env=environment, stdout=log, stderr=log)
        try:
            yield process, log
        finally:
            process.terminate()
            process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; other processes need real time."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited for {PATIENCE:g} seconds"
        time.sleep(0.05)
