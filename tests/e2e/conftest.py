"""A whole installation as `./livery up` makes it, and a real Chromium in front of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / ".livery" / "screens"
AXE = (ROOT / "tests/e2e/vendor/axe/axe-4.14.1.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PATIENCE = 240


@dataclass(frozen=True)
class Installation:
    """A running installation: its port, its folder, and what its screen said."""

    port: int
    home: Path
    screen: Path

    def url(self, path: str = "/", shop: str = "") -> str:
        """An address on the platform, or on a shop."""
        host = f"{shop}.localhost" if shop else "localhost"
        return f"http://{host}:{self.port}{path}"

    def sign_in_of(self, name: str) -> tuple[str, str]:
        """E-mail and password of a demo shop's owner, as they were printed."""
        lines = self.screen.read_text().splitlines()
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(name))
        email, password = lines[place + 2].split()
        return email, password


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`./livery up` in an empty home, with its three demo shops."""
    home = ROOT / ".livery" / f"e2e-{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)
    screen = tmp_path_factory.mktemp("up") / "screen.txt"
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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "no Chromium: run ./livery test, which installs it or names the command"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """One person's browser: keeps screenshots, checks each page, and notes what a strict policy would block."""

    def __init__(self, context: BrowserContext, name: str, *, javascript: bool) -> None:
        self.context, self.name, self.javascript = context, name, javascript
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.listen(self.page)
        self._count = 0

    def listen(self, page: Page) -> None:
        """Note console errors and requests to other hosts."""
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.complaints.append(f"{self.page.url}: {text}")

    def _request(self, url: str) -> None:
        if not re.match(r"(https?://([a-z0-9-]+\.)?localhost[:/]|data:|blob:|about:)", url):
            self.complaints.append(f"{self.page.url} asks {url}")

    def look(self, name: str, page: Page | None = None) -> None:
        """Keep a picture of the page, wide and narrow, and let axe read it."""
        page = page or self.page
        self._count += 1
        folder = SCREENS / self.name
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{self._count:02d}-{name}-1440.png", full_page=True)
        if self.javascript:
            self._narrow(page, folder / f"{self._count:02d}-{name}-390.png")
            self.complaints += [f"{name} ({page.url}): {text}" for text in violations(page)]

    def _narrow(self, page: Page, path: Path) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=path, full_page=True)
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if sideways > 0:
            self.complaints.append(f"{page.url} scrolls sideways by {sideways} px on a phone")
        page.set_viewport_size({"width": 1440, "height": 900})


def violations(page: Page) -> list[str]:
    """What axe finds on a page, a line each."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES
    )
    return [
        f"{one['id']}: {one['help']} {json.dumps(one['nodes'][0]['target'])} {one['nodes'][0]['html'][:120]}"
        for one in found
    ]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of one person: `visit("buyer", javascript=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(name: str, *, javascript: bool = True, **options: Any) -> Visitor:
        context = chromium.new_context(
            java_script_enabled=javascript, viewport={"width": 1440, "height": 900}, locale="en-IE",
            reduced_motion="reduce", **options,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context, name, javascript=javascript)

    yield open_one
    for context in contexts:
        context.close()


def fetch(url: str) -> tuple[int, str]:
    """A page without a browser."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.status, answer.read().decode()
