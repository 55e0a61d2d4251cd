"""What crawlers ask for: facts about the shop, and the list of its pages, in parts where there are many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from app.core import reader
from app.core.isolation import tenant_url
from app.shop.catalog import queries as catalog
from app.shop.pages import queries

IN_ONE_PART = 40_000
"""A sitemap holds at most 50,000 addresses (sitemaps.org)."""

IN_ALL_LANGUAGES = 5_000
"""Addresses of a part in a shop of several languages: each entry names all of them, and a part stays below 50 MB."""
_SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_OTHERS = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PRODUCTS = "/sitemap-products.xml"


def shop_facts(name: str, home: str, search: str) -> list[dict[str, Any]]:
    """Who runs the site and how to search it (https://schema.org/Organization, /WebSite)."""
    asked = {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"}
    return [
        {"@context": "https://schema.org", "@type": "Organization", "name": name, "url": home},
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": name,
            "url": home,
            "potentialAction": {
                "@type": "SearchAction", "target": asked, "query-input": "required name=search_term_string"
            },
        },
    ]  # fmt: skip


def sitemap() -> str:
    """Every public page; in a large shop the list of the parts that hold them."""
    ends = catalog.sitemap_ends(_size())
    if not ends:
        return _addresses([*_few(), *catalog.sitemap_products(None, _size())])
    parts = ["/sitemap-pages.xml", PRODUCTS, *(f"{PRODUCTS}?after={last}" for last in ends)]
    listed = "".join(f"<sitemap><loc>{escape(tenant_url(part))}</loc></sitemap>\n" for part in parts)
    return f"{_HEAD}<sitemapindex {_SCHEMA}>\n{listed}</sitemapindex>\n"


def pages_part() -> str:
    """The part with everything but products."""
    return _addresses(_few())


def products_part(after: UUID | None) -> str:
    """The part with the products behind one."""
    return _addresses(catalog.sitemap_products(after, _size()))


def _few() -> Iterable[tuple[str, datetime | None]]:
    yield "/", None
    yield from catalog.sitemap_shelves()
    for one in queries.pages(only_active=True):
        yield f"/pages/{one.handle}", one.updated_at


def _size() -> int:
    """Products in one part."""
    return IN_ALL_LANGUAGES if reader.spoken_here().others else IN_ONE_PART


def _addresses(changed: Iterable[tuple[str, datetime | None]]) -> str:
    """A `<urlset>`; in a shop of several languages each page stands in it once in each, and names the others."""
    begins = {code: tenant_url(reader.address_in(code, "")) for code in reader.spoken_here().all}
    pages = (({code: begin + escape(path) for code, begin in begins.items()}, at) for path, at in changed)
    entries = "".join(_entry(*one) for one in pages)
    return f"{_HEAD}<urlset {_SCHEMA}{_OTHERS if len(begins) > 1 else ''}>\n{entries}</urlset>\n"


def _entry(addresses: dict[str, str], changed: datetime | None) -> str:
    """One page in all its languages."""
    day = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
    links = "".join(_alternate(*one) for one in addresses.items()) if len(addresses) > 1 else ""
    return "".join(f"<url><loc>{address}</loc>{day}{links}</url>\n" for address in addresses.values())


def _alternate(code: str, address: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
