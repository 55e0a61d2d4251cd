"""Pages of other sites that may call the API from a browser: those origins that the shop named, and nobody else.

Never with cookies: a program in a page sends its token like any other. To an origin that is not named the API says
nothing at all of sharing, so that its browser keeps the answer from the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.core import frames
from app.core.db import TenantModel, Timestamps, session
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.core.isolation import normalise_host

MOST = 20
_PREFIX = "/api/v1/"
_METHODS = "GET, POST, PUT, PATCH, DELETE"
_HEADERS = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer"
_EXPOSED = (
    "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, Deprecation, Sunset, Link,"
    " Preference-Applied, WWW-Authenticate"
)
_PREFLIGHT_SECONDS = "600"


class ApiOrigin(TenantModel, Timestamps):
    """A site whose pages may call the API of this shop."""

    __tablename__ = "api_origin"
    __table_args__ = (UniqueConstraint("tenant_id", "origin"),)
    visitors_see = True  # so that every process hears of a change

    origin: Mapped[str]


def normalised(text: str) -> str:
    """An origin as browsers send it: scheme, host and a port that is not the scheme's own. Raises InvalidInput.

    https, or http on one's own machine; no path, no wildcard, no user, never "null".
    """
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host, port = normalise_host(parts.hostname), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    is_near = host is not None and (host == "localhost" or host.endswith(".localhost") or host == "127.0.0.1")
    is_plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    if host is None or not is_plain or not (parts.scheme == "https" or (parts.scheme == "http" and is_near)):
        raise InvalidInput({"origin": gettext("Write an address such as https://app.example.com, without a path.")})
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in {None, usual} else f":{port}")


def all_origins() -> Sequence[ApiOrigin]:
    """Every origin of this shop, by name."""
    return session.scalars(select(ApiOrigin).order_by(ApiOrigin.origin)).all()


def init_app(app: Flask) -> None:
    """Look at each request to the API that a page of another site sends."""
    app.before_request(_look)
    app.after_request(_tell)


def _look() -> None:
    """Before the answer: afterwards its transaction may be over."""
    if g.get("place") == "tenant" and request.path.startswith(_PREFIX):
        origin = request.headers.get("Origin", "")
        is_origin = re.fullmatch(r"https?://[a-z0-9.\-]{1,253}(:\d{1,5})?", origin) is not None
        g.cors = origin if is_origin and origin in frames.kept("api.origins", _allowed) else ""


def _allowed() -> frozenset[str]:
    return frozenset(one.origin for one in all_origins())


def _tell(response: Response) -> Response:
    if "cors" not in g:
        return response
    response.vary.add("Origin")
    if g.cors:
        response.headers["Access-Control-Allow-Origin"] = g.cors
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _HEADERS
            response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return response
