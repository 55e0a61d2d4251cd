"""Shoppers' pages: home, text pages, robots and sitemap."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from flask import Response

from app.core.access import public
from app.core.isolation import tenant_url
from app.core.text import markdown
from app.core.web import StorefrontDoor, page
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries as catalog
from app.shop.pages import queries
from app.shop.pages.schemas import AnySection, Collections, Faq, Hero, Products, Words
from app.ui import context

door = StorefrontDoor("pages")
context.provide("menus", queries.menus)

ROBOTS = """User-agent: *
Disallow: /admin
Disallow: /api/
Disallow: /account
Disallow: /cart
Disallow: /checkout
Disallow: /orders
Disallow: /search
Sitemap: {sitemap}
"""


@door.get("/")
@public
def home() -> Response:
    """The home page, band by band."""
    bands = [(section, _filling(section)) for section in queries.home_sections()]
    return page(
        "pages/storefront/home.html",
        bands=bands,
        canonical=tenant_url("/"),
        description=_description([section for section, _ in bands]),
    )


@door.get("/pages/<handle>")
@public
def text_page(handle: str) -> Response:
    """A page of words."""
    found = queries.page_by_handle(handle)
    return page(
        "pages/storefront/text_page.html",
        found=found,
        body=markdown(found.body),
        canonical=tenant_url(f"/pages/{found.handle}"),
    )


@door.get("/robots.txt")
@public
def robots() -> Response:
    """What crawlers may read (RFC 9309)."""
    return Response(ROBOTS.format(sitemap=tenant_url("/sitemap.xml")), mimetype="text/plain")


@door.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public page with the day it changed (sitemaps.org)."""
    changed = [(f"/{kind}s/{handle}", moment) for kind, handle, moment in catalog.public_addresses()]
    changed += [(f"/pages/{one.handle}", one.updated_at) for one in queries.pages(only_active=True)]
    origin = tenant_url("")
    entries = "".join(
        f"<url><loc>{escape(origin + path)}</loc><lastmod>{moment.date().isoformat()}</lastmod></url>\n"
        for path, moment in changed
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"<url><loc>{escape(origin)}/</loc></url>\n{entries}</urlset>\n"
    )
    return Response(body, mimetype="application/xml")


def _filling(section: AnySection) -> Any:
    """What a band shows beyond its own words."""
    match section:
        case Products():
            return catalog.newest_cards(section.limit, section.collection)
        case Collections():
            return catalog.collection_tiles(section.collections or None, most=len(section.collections) or 3)
        case Hero(product=handle) if handle:
            return catalog.card_of(handle)
        case Words():
            return markdown(section.body)
        case Faq():
            return [(item.question, markdown(item.answer)) for item in section.items]
    return None


def _description(sections: list[AnySection]) -> str:
    """The line for search engines: what the hero says."""
    hero = next((section for section in sections if isinstance(section, Hero)), None)
    return (hero.text or hero.title) if hero else current_shop().name
