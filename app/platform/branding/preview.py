"""Showing a draft to those who hold a signed link, and to nobody else.

A link carries `?preview=<token>`. It sets a cookie, so that the next pages show the draft too; `?preview=off` ends it.
The editor's own frame uses a second cookie that counts only inside a frame, so that the shop in the next tab stays
as it is published.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import Flask, Response, g, redirect, request

from app.core import isolation
from app.core.errors import NotFound
from app.core.links import sign, unsign
from app.core.web import drop_cookie, read_cookie, set_cookie
from app.platform.branding import queries
from app.ui import context
from app.ui.theme import Theme

PURPOSE = "brand-preview"
LINK_LASTS = 7 * 86400
FRAME_LASTS = 8 * 3600
LINK, FRAME = "preview", "preview-frame"


def register(app: Flask) -> None:
    """Give templates their brand, and watch for preview links."""
    context.provide("brand", brand)
    app.before_request(_follow_link)
    app.after_request(_keep_private)


def link_token() -> str:
    """What a preview link carries; good for a week."""
    return sign(PURPOSE, {"for": LINK}, LINK_LASTS)


def frame_token(scheme: str = "") -> str:
    """What the editor's frame carries; good for a working day. `scheme` is "light" or "dark" to insist on one."""
    return sign(PURPOSE, {"for": FRAME, "scheme": scheme}, FRAME_LASTS)


def brand() -> Theme:
    """The look of this request: the draft for those who may preview it, else what is published."""
    if isolation.tenant_or_none() is None:
        return context.brand_without_tenant()
    claim = _claim()
    if claim is None:
        return queries.published()
    return dataclasses.replace(queries.draft(), scheme=str(claim.get("scheme", "")))


def shows_draft() -> bool:
    """Does this request show the draft?"""
    return _claim() is not None


def show_draft() -> None:
    """Let the rest of this request show the draft: for pages of the back office that stand in the editor's frame."""
    g.preview_seen = {"for": FRAME}


def _claim() -> dict[str, Any] | None:
    """What lets this request show the draft; None when nothing does."""
    if not request:
        return None
    seen: dict[str, Any] | None = g.get("preview_seen")
    if seen or request.path.startswith(("/admin", "/api")) or request.args.get("look") == "published":
        return seen
    name = FRAME if request.headers.get("Sec-Fetch-Dest") == "iframe" else LINK
    claim = _read(read_cookie(name))
    return claim if claim and claim["for"] == name else None


def _follow_link() -> Any:
    token = request.args.get("preview")
    if not token or request.method != "GET" or isolation.tenant_or_none() is None or request.path.startswith("/admin"):
        return None
    if token == "off":  # noqa: S105 - the word that ends a preview
        drop_cookie(LINK)
        return redirect(request.path, 303)
    claim = _read(token)
    if claim is None:
        raise NotFound()
    kind = claim["for"]
    set_cookie(kind, token, LINK_LASTS if kind == LINK else FRAME_LASTS)
    g.preview_seen = claim
    return None


def _keep_private(response: Response) -> Response:
    """A draft is nobody's business: no cache keeps it, no search engine lists it."""
    if isolation.tenant_or_none() is not None and response.mimetype == "text/html" and shows_draft():
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _read(token: str | None) -> dict[str, Any] | None:
    try:
        return unsign(PURPOSE, token) if token else None
    except NotFound:
        return None
