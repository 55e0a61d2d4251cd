"""Door: the files that a brand is made of, on every host: style sheet, icons, manifest."""

from __future__ import annotations

import hashlib
import re

from flask import Response, json, request

from app.core import cache, isolation, storage
from app.core.access import public
from app.core.errors import NotFound
from app.core.web import OpenDoor
from app.platform.branding import hooks, look, queries
from app.ui import assets, context, social, theme

door = OpenDoor("branding")

_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_NAME = re.compile(r"[0-9a-f]{12,64}")
_CARD = re.compile(r"card-(?P<kind>[a-z]{1,20})-(?P<handle>[^/]{1,200})\.png")
_ICONS = {"32.png": 32, "96.png": 96, "180.png": 180, "192.png": 192, "512.png": 512, "maskable.png": 512}


@door.get("/_brand/<name>.css")
@public
def style_sheet(name: str) -> Response:
    """A brand's style sheet, by the hash of its text."""
    if not _NAME.fullmatch(name):
        raise NotFound()
    css = theme.known_css(name)
    if css is None:
        if isolation.tenant_or_none() is None:
            raise NotFound()
        css = queries.css_named(name)
    return _kept(assets.packed(Response(css, content_type="text/css; charset=utf-8")), _FOR_EVER)


@door.get("/_brand/<version>/<file>")
@public
def icon(version: str, file: str) -> Response:
    """An icon made from the logo or the initials, or a social card. Kept for ever when it shows the look of now."""
    brand = _brand()
    if file.startswith("card"):
        keeping = _FOR_EVER if version == brand.card_version else _A_DAY
        return _kept(Response(_card(brand, file), content_type="image/png"), keeping)
    if file not in _ICONS:
        raise NotFound()
    return _kept(_icon(brand, file), _FOR_EVER if version == brand.icon_version else _A_DAY)


@door.get("/favicon.ico")
@public
def favicon() -> Response:
    """Where browsers look without being told."""
    return _kept(_icon(_brand(), "32.png"), _A_DAY)


@door.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a device needs to put the shop on its home screen."""
    brand = _brand()
    if brand.is_platform:
        raise NotFound()
    sizes = (("192.png", "192x192", "any"), ("512.png", "512x512", "any"), ("maskable.png", "512x512", "maskable"))
    document = {
        "name": brand.name,
        "short_name": brand.name[:12].strip(),
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": brand.colours["canvas"],
        "theme_color": brand.colours["canvas"],
        "icons": [
            {"src": brand.icon_url(file), "sizes": size, "type": "image/png", "purpose": purpose}
            for file, size, purpose in sizes
        ],
    }
    response = Response(json.dumps(document), content_type="application/manifest+json")
    return _kept(response, "public, max-age=300")


def _brand() -> theme.Theme:
    """The look of this host; strangers have none."""
    brand: theme.Theme = context.ask("brand")
    if not brand.name:
        raise NotFound()
    return brand


def _card(brand: theme.Theme, file: str) -> bytes:
    """A social card: drawn once, then kept among the shop's files under the name of its content."""
    if file == "card.png":
        wanted = hooks.Card(brand.name, _address())
    else:
        found = _CARD.fullmatch(file)
        if found is None or found["kind"] not in hooks.cards or isolation.tenant_or_none() is None:
            raise NotFound()
        wanted = hooks.cards[found["kind"]](found["handle"])
    if isolation.tenant_or_none() is None:
        return social.card(brand, brand.name)
    version = hashlib.sha256(repr((brand.card_version, wanted)).encode()).hexdigest()
    key = cache.remember("social-card", 30 * 86400, lambda: _drawn(brand, wanted), version=version)
    try:
        return storage.read(key)
    except NotFound:
        return storage.read(_drawn(brand, wanted))


def _address() -> str:
    """What people type to come here."""
    return isolation.tenant_url("").partition("://")[2] if isolation.tenant_or_none() else ""


def _drawn(brand: theme.Theme, wanted: hooks.Card) -> str:
    mark, picture = _stored(brand.tokens.logo_key), _stored(wanted.picture)
    drawn = social.card(brand, wanted.title, line=wanted.line, picture=picture, mark=mark)
    return storage.put(drawn, suffix="png", kind="cards")


def _stored(key: str | None) -> bytes:
    """A stored picture; nothing where the file is gone, since a card without it is better than none."""
    try:
        return storage.read(key) if key else b""
    except NotFound:
        return b""


def _icon(brand: theme.Theme, file: str) -> Response:
    colours = brand.colours
    logo = look.open_logo(storage.read(brand.tokens.logo_key)) if brand.tokens.logo_key else None
    background = colours["surface"] if logo else colours["brand"]
    safe = file == "maskable.png"
    data = look.icon(_ICONS[file], background, colours["on-brand"], brand.initials, logo, safe=safe)
    return Response(data, content_type="image/png")


def _kept(response: Response, caching: str) -> Response:
    response.headers["Cache-Control"] = caching
    response.add_etag()
    response.make_conditional(request)
    return response
