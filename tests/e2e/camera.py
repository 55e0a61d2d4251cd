"""Each page in its states: looked at, measured, and photographed when somebody wants the pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.e2e import chromium
from tests.e2e.installation import Installation
from tests.e2e.pages import Shot
from tests.e2e.people import Person

NARROWEST = 320
TOP_BYTES = {"storefront": 40_000, "backoffice": 46_000, "console": 46_000}
"""JavaScript and CSS of one page together, as sent: the storefront's promise, and 16 + 30 kB for who works with it."""
RIGHT_TO_LEFT = """new MutationObserver((_, seen) => {
  if (!document.documentElement) return;
  document.documentElement.dir = "rtl";
  seen.disconnect();
}).observe(document, { childList: true });"""
"""Before anything is drawn: a page that turns round later has moved."""
ALL_PICTURES = """() => Promise.race([
  Promise.all([...document.images].map(one => { one.loading = "eager"; return one.decode().catch(() => 0); })),
  new Promise(done => setTimeout(done, 3000)),
])"""
WITHOUT_AN_EDGE = """() => [...document.querySelectorAll(".btn, .input, select, textarea, .check, .switch")]
  .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter(one => !/hidden|range/.test(one.type))
  .filter(one => !one.matches(".btn-ghost, .btn-link, .link, [class*=ghost], .affix *"))
  .filter(one => {
    const style = getComputedStyle(one);
    const isBox = one.matches("[type=checkbox], [type=radio]") && style.appearance !== "none";
    return !isBox && (style.borderStyle === "none" || parseFloat(style.borderTopWidth) === 0);
  }).map(one => one.outerHTML.slice(0, 120))"""
CUT_OFF = """() => [...document.querySelectorAll("h1, h2, .btn, label, th, dt, .badge")]
  .filter(one => one.checkVisibility() && !one.closest(".sr, .skip, dialog"))
  .filter(one => one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX !== "visible"
    && getComputedStyle(one).textOverflow !== "ellipsis" && one.clientWidth > 2)
  .map(one => one.outerHTML.slice(0, 120))"""
SIZE = """() => performance.getEntriesByType("resource")
  .filter(one => /\\.(js|css)$/.test(new URL(one.name).pathname)).reduce((sum, one) => sum + one.encodedBodySize, 0)"""


@dataclass(frozen=True)
class State:
    """One way to look at a page."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    is_rtl: bool = False
    is_phone: bool = False
    scale: float = 1
    has_own_colours: bool = False


PHONE = State("phone", 390, 844, is_phone=True)
DESKTOP = State("desktop", 1440, 900)
DARK = State("dark", 1440, 900, scheme="dark")
RTL = State("rtl", 1440, 900, is_rtl=True)
PHONE_DARK_RTL = State("phone-dark-rtl", 390, 844, scheme="dark", is_rtl=True, is_phone=True)
ZOOMED = State("zoomed", 640, 450, scale=2, has_own_colours=True)
"""A desktop of 1280 by 900 at 200 %, in the few colours that its owner chose (forced colours)."""
STATES = (PHONE, DESKTOP, DARK, RTL)


@dataclass
class Seen:
    """A page in one state: where its picture is, and what is wrong with it."""

    shot: Shot
    state: State
    picture: Path | None
    complaints: list[str]


class Camera:
    """Goes from page to page in one browser; keeps a tab for each person and state."""

    def __init__(self, browser: Browser, installation: Installation, persons: dict[str, Person]) -> None:
        self.browser, self.installation, self.persons = browser, installation, persons
        self._tabs: dict[tuple[str, str], Page] = {}
        self._noted: list[str] = []
        self.before_each = ""

    def look_at_all(self, shots: Iterable[Shot], states: Iterable[State], folder: Path | None) -> Iterator[Seen]:
        """Every page in every state, as they come."""
        for state in states:
            for shot in shots:
                yield self.look(shot, state, folder)
            self.close()

    def look(self, shot: Shot, state: State, folder: Path | None = None) -> Seen:
        """One page in one state; its picture goes below `folder`."""
        page = self._tab(shot, state)
        self._noted.clear()
        complaints: list[str] = []
        try:
            answer = page.goto(f"http://{shot.host}:{self.installation.port}{shot.path}", wait_until="load")
            if answer is None or answer.status != shot.status:
                complaints.append(f"answers {answer.status if answer else 'nothing'}, not {shot.status}")
            if answer and "sandbox" not in answer.headers.get("content-security-policy", ""):
                complaints += _measured(page, shot, state)  # a letter's frame runs no script, not even ours
            picture = _photograph(page, shot, state, folder)
        except Error as error:
            return Seen(shot, state, None, [*complaints, str(error).splitlines()[0]])
        return Seen(shot, state, picture, [*complaints, *self._noted])

    def close(self) -> None:
        """Close all tabs."""
        for page in self._tabs.values():
            page.context.close()
        self._tabs.clear()

    def _tab(self, shot: Shot, state: State) -> Page:
        key = (shot.person, state.name)
        if key not in self._tabs:
            self._tabs[key] = self._context(shot, state).new_page()
            chromium.listen(self._tabs[key], self._noted)
        return self._tabs[key]

    def _context(self, shot: Shot, state: State) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": state.width, "height": state.height}, color_scheme=state.scheme, locale="en-IE",
            has_touch=state.is_phone, reduced_motion="reduce", device_scale_factor=state.scale,
            forced_colors="active" if state.has_own_colours else "none",
        )  # fmt: skip
        context.set_default_timeout(20_000)
        context.add_init_script(chromium.WATCH)
        if self.before_each:
            context.add_init_script(self.before_each)
        if state.is_rtl:
            context.add_init_script(RIGHT_TO_LEFT)
        cookies: list[Any] = self.persons[shot.person].for_browser()
        context.add_cookies(cookies)
        return context


def _measured(page: Page, shot: Shot, state: State) -> list[str]:
    """What the page itself tells once it is complete."""
    page.evaluate("document.fonts.ready.then(() => 1)")
    found = chromium.violations(page, chromium.LAW if shot.surface == "mail" else chromium.RULES)
    found += [str(blocked) for blocked in page.evaluate("window.blocked")]
    found += _shifts(page, shot) + _weight(page, shot)
    if state.is_phone:
        found += _sideways(page, state)
    if state.has_own_colours:
        found += _zoomed(page)
    return found


def _shifts(page: Page, shot: Shot) -> list[str]:
    """What moved while the page came; shoppers' pages stand still. A printed sheet is drawn before its fonts."""
    if "print" in shot.name:
        return []
    shifted = float(page.evaluate("window.shifted"))
    is_still = shot.surface == "storefront" and not re.search(
        "sign-in|door", shot.name
    )  # its card stands in the middle of the page
    most = 0.0 if is_still else 0.05  # less than 0.005 is a word in a font that came late
    moved = ", ".join(page.evaluate("window.moved")[:4])
    return [f"layout shift of {shifted:.3f} by {moved}"] if shifted > most + 0.005 else []


def _weight(page: Page, shot: Shot) -> list[str]:
    size, most = int(page.evaluate(SIZE)), TOP_BYTES.get(shot.surface, 1_000_000)
    return [f"{size} bytes of JavaScript and CSS, {most} are allowed"] if size > most else []


def _zoomed(page: Page) -> list[str]:
    """What gets lost when backgrounds and shadows do, and what no longer fits."""
    lost: list[str] = page.evaluate(WITHOUT_AN_EDGE)
    too_wide = chromium.sideways(page)
    hidden: list[str] = page.evaluate(CUT_OFF)
    found = [f"has no edge in forced colours: {one}" for one in lost[:4]]
    found += [f"is cut off at 200 %: {one}" for one in hidden[:4]]
    return [*found, f"scrolls sideways by {too_wide} px at 200 %"] if too_wide > 0 else found


def _sideways(page: Page, state: State) -> list[str]:
    """Neither the phone nor the narrowest one scrolls sideways."""
    found = []
    for width in (state.width, NARROWEST):
        page.set_viewport_size({"width": width, "height": state.height})
        if (too_wide := chromium.sideways(page)) > 0:
            found.append(f"scrolls sideways by {too_wide} px at {width} px")
    page.set_viewport_size({"width": state.width, "height": state.height})
    return found


def _photograph(page: Page, shot: Shot, state: State, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate(ALL_PICTURES)
    path = folder / f"{shot.name}-{state.name}.png"
    page.screenshot(path=path, full_page=True)
    return path
