"""A live installation for races: gunicorn and worker as processes of their own, and buyers with real sockets."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest

from app import settings
from app.commands import installation
from tests.factories.checkout import ADDRESS, fields_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
Result = TypeVar("Result")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until(is_true: Callable[[], Any], what: str) -> Any:
    """Look again and again until something is true; fails with what was waited for."""
    deadline = time.monotonic() + PATIENCE
    while not (found := is_true()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)
    return found


class Live:
    """Web and worker of one installation, started, killed and started again by a test."""

    def __init__(self, configured: settings.Settings, folder: Path) -> None:
        self.configured = replace(configured, port=free_port(), web_workers=2, web_threads=4, log_level="WARNING")
        self.folder, self.marker = folder, folder / "marker"
        self.running: list[subprocess.Popen[bytes]] = []

    def start_web(self, *, weakness: str = "", stop_at: str = "") -> None:
        """gunicorn with the product, or with the product weakened."""
        command = installation.gunicorn()
        if weakness or stop_at:
            command[-1] = "tests.race.weakened_wsgi:application"
        self._start("web", command, weakness, stop_at)
        wait_until(self._answers, (self.folder / "web.log").read_text()[-3000:] or "the web server")

    def start_worker(self, *, weakness: str = "", stop_at: str = "") -> None:
        """The worker with the product, or with the product weakened."""
        self._start("worker", [sys.executable, "-m", "tests.race.weakened_worker"], weakness, stop_at)

    def _start(self, name: str, command: list[str], weakness: str, stop_at: str) -> None:
        environment = installation.environment(self.configured) | {
            "RACE_WEAKNESS": weakness,
            "RACE_STOP_AT": stop_at,
            "RACE_MARKER": str(self.marker),
        }
        log = (self.folder / f"{name}.log").open("ab")
        self.running.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        )

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.configured.port}/health/live", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9, master and workers alike."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def wait_for_the_moment(self) -> None:
        """Until the process stands where it was told to stop."""
        wait_until(self.marker.exists, "the moment")

    def buyer(self, shop: Any) -> LiveBuyer:
        """A browser of its own at a shop."""
        return LiveBuyer(self.configured.port, shop.host)


class LiveBuyer:
    """Somebody with a real connection."""

    def __init__(self, port: int, host: str, cookies: dict[str, str] | None = None) -> None:
        self.port, self.host = port, host
        # A connection a request: one that idles while others get ready is closed by the server under the next form.
        headers = {"Host": f"{host}:{port}", "Connection": "close", "Sec-Fetch-Site": "same-origin"}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120, cookies=cookies)

    def twin(self) -> LiveBuyer:
        """Another connection of the same browser: same cookies."""
        return LiveBuyer(self.port, self.host, dict(self.http.cookies))

    def token(self, page: str) -> str:
        """The hidden field that forms carry."""
        found = re.search(r'name="_csrf" value="([^"]+)"', page)
        assert found, page[:500]
        return found[1]

    def fill(self, handle: str, variant_id: Any, quantity: int = 1) -> dict[str, str]:
        """Put something in and fill in the checkout; the form as a browser would send it."""
        assert self.http.get(f"/products/{handle}").status_code == 200
        added = self.post("/cart/lines", {"variant_id": str(variant_id), "quantity": str(quantity)})
        assert added.status_code == 303, added.text
        page = self.http.get("/checkout").text
        return fields_of(page) | ADDRESS | {"payment": "testpay", "_csrf": self.token(page)}

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form."""
        return self.http.post(path, data=fields)

    def choose(self, bank: str, choice: str) -> httpx.Response:
        """Decide on the bank's page."""
        page = self.http.get(bank).text
        return self.post(bank, {"_csrf": self.token(page), "choice": choice})

    def pay(self, placed: httpx.Response) -> httpx.Response:
        """Approve at the bank and come back."""
        return self.http.get(path_of(self.choose(path_of(placed), "approve")))


def path_of(answer: httpx.Response) -> str:
    """Path and query that an answer redirects to."""
    found = urlsplit(answer.headers["Location"])
    return found.path + (f"?{found.query}" if found.query else "")


def all_at_once(acts: list[Callable[[], Result]]) -> list[Result]:
    """Run everything at the same moment, each on a thread of its own."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def live(configured: settings.Settings, tmp_path: Path) -> Iterator[Live]:
    """An installation on the database of this run; the test starts what it needs."""
    installed = Live(configured, tmp_path)
    yield installed
    installed.kill()


@pytest.fixture
def goods(sell: Callable[..., Any], at_shop: Callable[..., Any]) -> Callable[..., tuple[str, Any]]:
    """Put something on the shelf: `goods(on_hand=10)` answers (handle, variant id)."""

    def put(**values: Any) -> tuple[str, Any]:
        values.setdefault("title", "Moon vase")
        return "moon-vase", sell(**values)

    return put
