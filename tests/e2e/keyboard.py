"""Somebody who has no pointer: Tab, Enter, Space, the arrows, and letters."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Error, Page

FOCUSED = """() => {
  const it = document.activeElement;
  const box = it.getBoundingClientRect();
  const words = it.getAttribute("aria-label") || it.labels?.[0]?.innerText || it.innerText || it.value || "";
  const middle = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2);
  const cover = middle && !it.contains(middle) && !middle.contains(it) && !it.labels?.[0]?.contains(middle) &&
    !middle.closest("label")?.contains(it) && !it.parentElement.contains(middle);
  const marked = [it, it.nextElementSibling, it.parentElement, it.closest("label, form, fieldset")].some(one => {
    return one && [getComputedStyle(one), getComputedStyle(one, "::after")].some(style =>
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none");
  });
  return {
    tag: it.tagName.toLowerCase(), kind: it.type || "", name: words.replace(/\\s+/g, " ").trim(),
    isMarked: marked, isCovered: Boolean(cover), isOutside: box.bottom <= 0 || box.top >= innerHeight,
    isBody: it === document.body, jumps: it.tabIndex > 0,
  };
}"""


class Keyboard:
    """The keys of one page; each stop on the way is held to: it is seen, it is marked, nothing lies over it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def focused(self) -> dict[str, Any]:
        """What has the focus, and how it looks."""
        try:
            found: dict[str, Any] = self.page.evaluate(FOCUSED)
        except Error:  # a page was just leaving
            self.page.wait_for_load_state("networkidle")
            found = self.page.evaluate(FOCUSED)
        return found

    def tab(self) -> dict[str, Any]:
        """One stop on."""
        self.page.keyboard.press("Tab")
        found = self.focused()
        for _ in range(10):  # the browser scrolls to it and marks it a frame or more later
            if not found["isCovered"] and not found["isOutside"] and found["isMarked"]:
                break
            self.page.wait_for_timeout(100)
            found = self.focused()
        if not found["isBody"] and found["tag"] != "iframe":
            self._judge(found)
        return found

    def reach(self, name: str, tag: str = "", most: int = 90) -> None:
        """Tab until something of that name has the focus; raises AssertionError when nothing does."""
        passed = []
        for _ in range(most):
            found = self.tab()
            if re.search(name, found["name"]) and (not tag or re.fullmatch(tag, found["tag"])):
                return
            passed.append(found["name"][:30])
        raise AssertionError(f"no way to {name!r} on {self.page.url}; passed {passed}")

    def enter(self, name: str, tag: str = "a|button") -> None:
        """Go to a link or a button and press Enter; the page that it leads to is there afterwards."""
        self.reach(name, tag)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("networkidle")

    def write(self, name: str, words: str) -> None:
        """Go to a field and type over what is in it."""
        self.reach(name, "input|textarea|select")
        if self.focused()["tag"] != "select":
            self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)

    def _judge(self, found: dict[str, Any]) -> None:
        what = f"{self.page.url}: {found['tag']} {found['name'][:40]!r}"
        if not found["isMarked"]:
            self.faults.append(f"{what} has the focus and does not show it")
        if found["isCovered"] or found["isOutside"]:
            self.faults.append(f"{what} has the focus and is hidden")
        if found["jumps"]:
            self.faults.append(f"{what} is out of order")
