"""Stored pictures and fonts, given to browsers on the host of the tenant that owns them."""

from flask import Response, request

from app.core import storage
from app.core.access import public
from app.core.errors import NotFound
from app.core.web import TenantDoor

door = TenantDoor("media")

SERVED = frozenset({"avif", "gif", "ico", "jpg", "png", "svg", "webp", "woff2"})
"""What strangers may ask for. An upload or an invoice is handed out by the room that owns it, after a permission."""

CACHED_FOR_EVER = "public, max-age=31536000, immutable"


@door.get("/media/<path:key>")
@public
def file(key: str) -> Response:
    """One file of this tenant; its name holds its checksum, so the answer never changes."""
    if key.rpartition(".")[2] not in SERVED:
        raise NotFound()
    data = storage.read(key)
    response = Response(data, content_type=storage.media_type(key))
    response.set_etag(key.rpartition("/")[2].partition(".")[0])
    response.headers["Cache-Control"] = CACHED_FOR_EVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response.make_conditional(request)
