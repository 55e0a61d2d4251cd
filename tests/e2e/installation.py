"""A whole installation as `./livery up` makes it, in a home of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240


@dataclass(frozen=True)
class Installation:
    """A running installation: its port, its folder, and what its screen said."""

    port: int
    home: Path
    screen: Path

    def url(self, path: str = "/", shop: str = "") -> str:
        """An address on the platform, or on a shop."""
        return f"http://{self.host(shop)}:{self.port}{path}"

    def host(self, shop: str = "") -> str:
        """The platform's host, or a shop's."""
        return f"{shop}.localhost" if shop else "localhost"

    def sign_in_of(self, name: str) -> tuple[str, str]:
        """E-mail and password of a demo shop's owner, as they were printed."""
        lines = self.screen.read_text().splitlines()
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(name))
        email, password = lines[place + 2].split()
        return email, password

    def known(self) -> dict[str, list[str]]:
        """E-mail and password of the operator and, by slug, of the demo shops' owners, as they are kept."""
        kept = json.loads((self.home / "demo.json").read_text())
        owners = {shop["admin_url"].split("//")[1].split(".")[0]: shop for shop in kept["shops"]}
        people = {slug: [shop["email"], shop["password"]] for slug, shop in owners.items()}
        return people | {"operator": kept["operator"]}


@contextlib.contextmanager
def running(screen: Path) -> Iterator[Installation]:
    """`./livery up` in an empty home, with its three demo shops; gone afterwards."""
    home = ROOT / ".livery" / f"e2e-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    port = free_port()
    environment = os.environ | {"LIVERY_HOME": str(home), "LIVERY_PORT": str(port)}
    with screen.open("w") as written:
        up = subprocess.Popen(
            [str(ROOT / "livery"), "up"], cwd=ROOT, env=environment, stdout=written, stderr=written,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until_printed(up, screen, "Ctrl-C stops it")
        yield Installation(port, home, screen)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until_printed(process: subprocess.Popen[bytes], screen: Path, words: str) -> None:
    """Wait for a line of the screen; fail with the whole screen when the process ends instead."""
    deadline = time.monotonic() + PATIENCE
    while words not in screen.read_text():
        assert process.poll() is None and time.monotonic() < deadline, screen.read_text()
        time.sleep(0.2)
