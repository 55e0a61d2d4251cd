"""HTML doors: where pages and fragments come from, and what they answer with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, g, make_response, render_template, request
from htmx_flask import Htmx

from app.core import cookies
from app.core.forms import FormState, MoneyField, Upload, accepts, current_form
from app.core.i18n import gettext
from app.core.links import sign, unsign

__all__ = [
    "BackofficeDoor",
    "ConsoleDoor",
    "Door",
    "FormState",
    "MoneyField",
    "OpenDoor",
    "StorefrontDoor",
    "TenantDoor",
    "Upload",
    "accepts",
    "cacheable",
    "current_form",
    "done",
    "drop_cookie",
    "extend_csp",
    "is_fragment_request",
    "page",
    "read_cookie",
    "redirect_to",
    "set_cookie",
    "sign",
    "unsign",
]

htmx = Htmx()
View = TypeVar("View", bound=Callable[..., Any])


class Door(Blueprint):
    """The routes of one room on one surface. A process answers a surface only when its role says so."""

    surface = "any"

    def __init__(self, room: str, *, prefix: str = "") -> None:
        caller = sys._getframe(2 if type(self) is not Door else 1).f_globals["__name__"]
        self.room = room
        super().__init__(f"{room}_{self.surface}", caller, url_prefix=prefix or None)


class StorefrontDoor(Door):
    """Shoppers' pages, on a tenant's host."""

    surface = "storefront"

    def __init__(self, room: str) -> None:
        super().__init__(room)


class BackofficeDoor(Door):
    """Staff pages, below /admin on a tenant's host."""

    surface = "backoffice"

    def __init__(self, room: str) -> None:
        super().__init__(room, prefix="/admin")


class ConsoleDoor(Door):
    """The operator's pages and the wizard, on the platform's host; each route names its whole path."""

    surface = "console"

    def __init__(self, room: str) -> None:
        super().__init__(room)


class OpenDoor(Door):
    """Answers on every known host and in every role: health, static files, brand files."""

    surface = "any"

    def __init__(self, room: str) -> None:
        super().__init__(room)


class TenantDoor(Door):
    """Answers in every role, on tenants' hosts only: stored pictures, brand files."""

    surface = "tenant"

    def __init__(self, room: str) -> None:
        super().__init__(room)


def cacheable(*, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """A page that is the same for every visitor, kept by core/pagecache.py for those who come after.

    `query` names every parameter that the page looks at (a final * stands for any ending: "option.*"). The view sees
    no other parameter, no cookie and no header but Host: what it answers may go to anybody who asks for the address.
    """

    def decorate(view: View) -> View:
        view.__cacheable__ = query  # type: ignore[attr-defined]  # read by core/pagecache.py
        return view

    return decorate


def is_htmx() -> bool:
    """Was this request sent by htmx?"""
    return bool(getattr(request, "htmx", False))


def is_fragment_request() -> bool:
    """Does htmx ask for a piece of this page (and not for a whole one)?"""
    return is_htmx() and request.headers.get("HX-Request-Type", "partial") == "partial"


Draw = Callable[[str, tuple[Any, ...], dict[str, Any]], str]


def _draw(template: str, _: tuple[Any, ...], context: dict[str, Any]) -> str:
    return render_template(template, **context)


draw_equals: list[Draw] = [_draw]
"""How pages are drawn that say what they show; app/ui puts its own way here."""


draw_equal_pieces: list[Draw] = [_draw]
"""The same for pieces that answer a change."""


def page(template: str, status: int = 200, made_of: tuple[Any, ...] | None = None, **context: Any) -> Response:
    """A whole page. `made_of` holds all that it shows of its own: of equal ones, one is drawn."""
    is_plain = made_of is None or status != 200
    text = render_template(template, **context) if is_plain else draw_equals[0](template, made_of or (), context)
    response = make_response(text, status)
    response.is_page = True  # type: ignore[attr-defined]  # tells forms.py that a fragment request got a page
    return response


def done(
    fragment: str, *, say: str = "", back_to: str, undo: str = "", made_of: tuple[Any, ...] | None = None,
    **context: Any,
) -> Response:  # fmt: skip
    """The answer to a change: the piece that changed for htmx, a redirect without JavaScript.

    `made_of` is all that the piece shows beside the shop and the language, for one that holds no token and nothing of
    whoever asks: of equal ones, one is drawn.
    """
    if not is_fragment_request():
        return redirect_to(back_to, say, undo=undo)
    drawn = (
        render_template(fragment, **context) if made_of is None else draw_equal_pieces[0](fragment, made_of, context)
    )
    response = make_response(drawn)
    return toast(response, say, undo=undo) if say else response


def redirect_to(address: str, say: str = "", *, undo: str = "") -> Response:
    """Go to a page, for htmx and for plain forms; `say` is shown there once, with a button that posts to `undo`."""
    if say:
        flash(gettext(say), undo)
    response = make_response("", 303)
    response.headers["Location"] = address
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = address
    return response


def toast(response: Response, say: str, kind: str = "success", undo: str = "") -> Response:
    """Let app.js show a sentence beside the swapped piece."""
    told = {"say": gettext(say), "kind": kind} | ({"undo": undo} if undo else {})
    response.headers["HX-Trigger"] = json.dumps({"toast": told})
    return response


def extend_csp(directive: str, origin: str) -> None:
    """Allow one more origin on this page, such as a gateway that a form redirects to."""
    g.setdefault("csp", []).append((directive, origin))


def set_cookie(name: str, value: str, max_age: int | None = None, http_only: bool = True) -> None:
    """Set a host-only cookie on whatever this request answers."""
    _on_response(lambda response: cookies.set_cookie(name, value, max_age, http_only, response=response))


def drop_cookie(name: str) -> None:
    """Forget a cookie on whatever this request answers."""
    _on_response(lambda response: cookies.drop_cookie(name, response))


def read_cookie(name: str) -> str | None:
    """A cookie's value, or None."""
    return cookies.read_cookie(name)


def _on_response(act: Callable[[Response], Any]) -> None:
    g.setdefault("on_response", []).append(act)
