"""Showing a draft to those who hold a signed link, and to nobody else.

A link carries `?preview=<token>`. It sets a cookie, so that the next pages show the draft too; `?preview=off` ends it.
The editor's own frame uses a second cookie that counts only inside a frame, so that the shop in the next tab stays
as it is published.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request

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


def link_token() -> str:
    """What a preview link carries; good for a week."""
    return sign(PURPOSE, {"for": LINK}, LINK_LASTS)


def frame_token() -> str:
    """What the editor's frame carries; good for a working day."""
    return sign(PURPOSE, {"for": FRAME}, FRAME_LASTS)


def brand() -> Theme:
    """The look of this request: the draft for those who may preview it, else what is published."""
    if isolation.tenant_or_none() is None:
        return context.brand_without_tenant()
    return queries.draft() if _is_previewing() else queries.published()


def _is_previewing() -> bool:
    if not request or request.path.startswith(("/admin", "/api")):
        return False
    if g.get("preview_seen"):
        return True
    name = FRAME if request.headers.get("Sec-Fetch-Dest") == "iframe" else LINK
    return _kind_of(read_cookie(name)) == name


def _follow_link() -> Any:
    token = request.args.get("preview")
    if not token or request.method != "GET" or isolation.tenant_or_none() is None or request.path.startswith("/admin"):
        return None
    if token == "off":  # noqa: S105 - the word that ends a preview
        drop_cookie(LINK)
        return redirect(request.path, 303)
    kind = _kind_of(token)
    if kind is None:
        raise NotFound()
    set_cookie(kind, token, LINK_LASTS if kind == LINK else FRAME_LASTS)
    g.preview_seen = True
    return None


def _kind_of(token: str | None) -> str | None:
    try:
        return str(unsign(PURPOSE, token)["for"]) if token else None
    except NotFound:
        return None
