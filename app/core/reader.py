"""Which language this request's reader is spoken to in.

Shoppers: the language that stands first in the path, else the shop's own. Staff: the one of their profile, else what
their browser asks for. The platform's pages: the one chosen there, else the browser's. Programs get English.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Response, g, has_request_context, redirect, request

from app.core import cookies, i18n, lifecycle, web
from app.core.errors import NotFound

COOKIE = "language"
_YEAR = 365 * 24 * 3600


class Spoken(NamedTuple):
    """A shop's own language and those that it is shown in besides."""

    own: str
    others: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every language that a visitor may choose, the shop's own first."""
        return self.own, *self.others


_spoken_here: Callable[[], Spoken] = lambda: Spoken(i18n.SOURCE, ())  # noqa: E731
_staffs_choice: Callable[[], str] = str


def shop_speaks(find: Callable[[], Spoken]) -> None:
    """Register who knows the languages of the tenant that is entered."""
    global _spoken_here
    _spoken_here = find


def staff_prefer(find: Callable[[], str]) -> None:
    """Register who knows the language of the staff member who is signed in; empty for none."""
    global _staffs_choice
    _staffs_choice = find


def spoken_here() -> Spoken:
    """The languages of this shop; raises NoTenant outside of one."""
    return _spoken_here()


def init_app(app: Flask) -> None:
    """Choose after the tenant is known and before any view runs; go back to English afterwards."""
    app.before_request(_choose)
    app.teardown_request(_forget)


def choose(name: str) -> None:
    """Remember what a reader of the platform's pages chose, in a cookie."""
    if i18n.is_known(name):
        web.set_cookie(COOKIE, name, _YEAR)


def address_in(name: str, path: str) -> str:
    """A path of the storefront in one of the shop's languages."""
    own = spoken_here().own
    return path if name in {"", own} else f"/{name}{path}"


def further_language() -> str:
    """The language of a shopper's page where it is not the shop's own; empty for all others, jobs and programs."""
    return str(request.environ.get("app.language", "")) if has_request_context() else ""


def _choose() -> Response | None:
    asked = request.environ.get("app.language", "")
    place, surface = g.get("place"), lifecycle.surface()
    if place == "tenant" and surface == "storefront":
        spoken = spoken_here()
        if asked == spoken.own and request.method in {"GET", "HEAD"}:
            return redirect(request.full_path.rstrip("?"), 301)  # type: ignore[return-value]  # werkzeug's own
        if asked and asked not in spoken.others:
            raise NotFound()
        _speak(asked or spoken.own)
        return None
    if asked:
        raise NotFound()
    if surface == "api":
        return None
    wanted = _staffs_choice() if place == "tenant" else cookies.read_cookie(COOKIE)
    fallback = spoken_here().own if place == "tenant" else i18n.SOURCE
    _speak(wanted or i18n.accepted(request.headers.get("Accept-Language", "")) or fallback)
    return None


def _speak(name: str) -> None:
    g.stop_speaking = i18n.speak(name)


def _forget(_: BaseException | None) -> None:
    stop = g.pop("stop_speaking", None)
    if stop is not None:
        stop()
