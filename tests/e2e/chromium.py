"""The machine's own Chromium, and what every page that it opens is held to."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.installation import ROOT

AXE = (ROOT / "tests/e2e/vendor/axe/axe-4.14.1.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAW = RULES[:-1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
OURS = re.compile(r"(https?://([a-z0-9-]+\.)?localhost[:/]|data:|blob:|about:)")
EXPECTED = re.compile("the server responded with a status of|document's frame is sandboxed")
"""A refusal is an answer; and the frame around a letter keeps even our own watching out."""
WATCH = """
  window.blocked = [];
  window.shifted = 0;
  window.moved = [];
  addEventListener("securitypolicyviolation", event =>
    window.blocked.push(`${event.effectiveDirective} blocks ${event.blockedURI}`));
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (entry.hadRecentInput) return;
    window.shifted += entry.value;
    for (const { node } of entry.sources) window.moved.push(`${node?.nodeName}.${node?.className}`);
  })).observe({ type: "layout-shift", buffered: true });
"""


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a screen."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    assert found, "no Chromium: run ./livery test, which installs it or names the command"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


def listen(page: Page, complaints: list[str]) -> None:
    """Note console errors, script errors and requests to other hosts."""

    def console(kind: str, text: str) -> None:
        if kind == "error" and not EXPECTED.search(text):
            complaints.append(f"{page.url}: {text}")

    def request(url: str) -> None:
        if not OURS.match(url):
            complaints.append(f"{page.url} asks {url}")

    page.on("console", lambda message: console(message.type, message.text))
    page.on("request", lambda asked: request(asked.url))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds on a page, a line each. It need not load style sheets again: no rule in use reads them."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        {"runOnly": rules, "resultTypes": ["violations"], "preload": False},
    )
    return [
        f"{one['id']}: {one['help']} {json.dumps(one['nodes'][0]['target'])} {one['nodes'][0]['html'][:160]}"
        for one in found
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
