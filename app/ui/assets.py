"""Static files under an address that holds a fingerprint of all of them, so that browsers and CDNs keep them for ever.

One fingerprint for the whole folder lets a style sheet name its fonts by relative paths without being rewritten.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, request, send_from_directory

from app import settings
from app.core.access import public
from app.core.web import OpenDoor

STATIC = settings.ROOT / "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHRINKS = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
_TOO_SMALL = 500

SHEETS = {
    "css/shop.css": ("base", "store", "catalog", "sections", "fonts"),
    "css/buying-all.css": ("forms", "buying"),
}
"""Style sheets that shoppers load in one piece: over a phone's line each further request costs more than its bytes."""

door = OpenDoor("assets")


def asset(path: str) -> str:
    """The address of a file below static/, such as `css/store.css`; on the CDN if there is one."""
    return f"{settings.current().asset_base_url.rstrip('/')}/static/{fingerprint()}/{path}"


def fingerprint() -> str:
    """What the static files are now. Computed once in production; outside of it, whenever a file changed."""
    if settings.current().is_production:
        return _fingerprint_of(())
    return _fingerprint_of(tuple((str(file), file.stat().st_mtime_ns) for file in _files()))


@cache
def _fingerprint_of(state: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256()
    for file in _files():
        digest.update(str(file.relative_to(STATIC)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _files() -> list[Path]:
    return sorted(file for file in STATIC.rglob("*") if file.is_file() and not file.name.startswith("."))


@door.get("/static/<seen>/<path:name>")
@public
def file(seen: str, name: str) -> Response:
    """One static file. An address of an older release still answers, but is not kept."""
    response = packed(_together(name) if name in SHEETS else send_from_directory(STATIC, name, conditional=False))
    response.headers["Cache-Control"] = _FOR_EVER if seen == fingerprint() else "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.make_conditional(request)
    return response


def _together(name: str) -> Response:
    """Some style sheets of one folder as one, in their order."""
    parts = [(STATIC / "css" / f"{part}.css").read_bytes() for part in SHEETS[name]]
    response = Response(b"\n".join(parts), mimetype="text/css")
    response.add_etag()
    return response


def packed(response: Response) -> Response:
    """The same answer by gzip, where it gets smaller and the browser takes it. For what everybody may see only.

    A page with somebody's token stays as it is: its length must not tell what stands in it (CVE-2013-3587, BREACH).
    """
    if response.status_code != 200 or not (response.mimetype or "").startswith(_SHRINKS):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or (response.content_length or _TOO_SMALL) < _TOO_SMALL:
        return response
    response.direct_passthrough = False
    response.set_data(_gzipped(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-gzip")
    return response


@lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
