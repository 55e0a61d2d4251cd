"""Where rooms above branding join in: the home page that a brand's versions carry, and pages for the editor's preview.

A draft holds the shop's look and its home page, and both are published, scheduled and brought back together. Branding
does not know what a home page is: the room that does gives two functions and gets its own values back.

    hooks.keeps_home(describe, show)   describe() -> dict; show(home: dict, by: Actor) -> None
    hooks.previews.append(find)        find() -> list[Preview], in the entered shop
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from app.core.access import Actor

Home = dict[str, Any]


class Preview(NamedTuple):
    """One page that the editor's frame can show."""

    label: str
    address: str
    place: int = 30


class Card(NamedTuple):
    """What a social card says about one page; `picture` is the key of a stored picture, or empty."""

    title: str
    line: str = ""
    picture: str = ""


previews: list[Callable[[], list[Preview]]] = []
cards: dict[str, Callable[[str], Card]] = {}
_home: list[tuple[Callable[[], Home], Callable[[Home, Actor], None]]] = []


def keeps_home(describe: Callable[[], Home], show: Callable[[Home, Actor], None]) -> None:
    """Let a room keep its home page in the versions of the brand."""
    _home[:] = [(describe, show)]


def describe_home() -> Home:
    """The home page that visitors see, as plain values."""
    return _home[0][0]() if _home else {}


def show_home(home: Home, by: Actor) -> None:
    """Make a kept home page the one that visitors see."""
    if _home:
        _home[0][1](home, by)
