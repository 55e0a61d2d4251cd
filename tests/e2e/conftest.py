"""One installation for all browser tests of a run, one Chromium in front of it, and people with a browser each."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e import chromium as chromiums
from tests.e2e.installation import Installation, running


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`./livery up` in an empty home, with its three demo shops."""
    with running(tmp_path_factory.mktemp("up") / "screen.txt") as up:
        yield up


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium."""
    with chromiums.launched() as browser:
        yield browser


class Visitor:
    """One person's browser: checks each page, and notes what a strict policy would block."""

    def __init__(self, context: BrowserContext, name: str, *, javascript: bool) -> None:
        self.context, self.name, self.javascript = context, name, javascript
        self.complaints: list[str] = []
        self.page = context.new_page()
        chromiums.listen(self.page, self.complaints)

    def look(self, name: str, page: Page | None = None) -> None:
        """Let axe read the page, and make it narrow; `./livery screens` takes the pictures."""
        page = page or self.page
        if not self.javascript:
            return
        self.complaints += [f"{name} ({page.url}): {text}" for text in chromiums.violations(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        if (too_wide := chromiums.sideways(page)) > 0:
            self.complaints.append(f"{page.url} scrolls sideways by {too_wide} px on a phone")
        page.set_viewport_size({"width": 1440, "height": 900})


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
