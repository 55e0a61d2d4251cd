"""Shoppers' pages: home, text pages, robots and sitemap."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.core import login
from app.core.access import public, same_origin
from app.core.i18n import gettext as _
from app.core.isolation import tenant_url
from app.core.text import markdown, normalise_email
from app.core.web import StorefrontDoor, accepts, cacheable, page
from app.platform.branding import preview
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries as catalog
from app.shop.pages import bands as draft_home
from app.shop.pages import crawling, newsletter, queries
from app.shop.pages.schemas import (
    Answer,
    AnySection,
    Collections,
    Faq,
    Hero,
    Newsletter,
    Products,
    SitemapPart,
    Subscribe,
    Words,
)
from app.ui import context

door = StorefrontDoor("pages")
context.provide("menus", queries.menus)

ROBOTS = """User-agent: *
Disallow: /admin
Disallow: /api/
Disallow: /account
Disallow: /checkout
Disallow: /orders
Disallow: /search
Sitemap: {sitemap}
"""


@door.get("/")
@public
@cacheable()
def home() -> Response:
    """The home page, band by band."""
    sections = _sections()
    bands = [(section, _filling(section)) for section in sections]
    return page(
        "pages/storefront/home.html",
        bands=bands,
        facts=crawling.shop_facts(
            current_shop().name, tenant_url(url_for(".home")), tenant_url(url_for("catalog_storefront.search"))
        ),
        description=_description([section for section, _ in bands]),
    )


@door.get("/pages/<handle>")
@public
@cacheable()
def text_page(handle: str) -> Response:
    """A page of words."""
    found = queries.page_by_handle(handle)
    return page(
        "pages/storefront/text_page.html",
        found=found,
        body=markdown(found.body),
    )


@door.post("/newsletter")
@public
@same_origin
@accepts(Subscribe, again=lambda: _newsletter_page("ask"))
def subscribe(form: Subscribe) -> Response:
    """Ask by mail whether somebody wants the news. Known and new addresses get the same answer."""
    login.rate_limit("newsletter-from", login.remote_address(), 10, 3600)
    login.rate_limit("newsletter-to", normalise_email(form.email), 3, 86400)
    if not form.website:
        newsletter.ask(form.email, newsletter_wording())
    return _newsletter_page("asked")


@door.get("/newsletter/<token>")
@public
def newsletter_question(token: str) -> Response:
    """The page behind the link of the mail; only its button confirms, since mail scanners follow links."""
    newsletter.address_in(token)
    return _newsletter_page("confirm", token=token)


@door.post("/newsletter/<token>")
@public
@accepts(Answer)
def newsletter_answer(form: Answer, token: str) -> Response:
    """Yes, it was me."""
    newsletter.confirm(token)
    return _newsletter_page("confirmed")


@door.get("/newsletter/leave/<token>")
@public
def newsletter_leaving(token: str) -> Response:
    """The page behind the link that ends the news."""
    newsletter.address_leaving(token)
    return _newsletter_page("leave", token=token)


@door.post("/newsletter/leave/<token>")
@public
@accepts(Answer)
def newsletter_left(form: Answer, token: str) -> Response:
    """No more news, please."""
    newsletter.leave(token)
    return _newsletter_page("left")


@door.get("/robots.txt")
@public
def robots() -> Response:
    """What crawlers may read (RFC 9309)."""
    return Response(ROBOTS.format(sitemap=tenant_url("/sitemap.xml")), mimetype="text/plain")


@door.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public page with the day it changed (sitemaps.org); a list of parts in a large shop."""
    return Response(crawling.sitemap(), mimetype="application/xml")


@door.get("/sitemap-pages.xml")
@public
def sitemap_pages() -> Response:
    """The part of a large shop's sitemap with everything but products."""
    return Response(crawling.pages_part(), mimetype="application/xml")


@door.get("/sitemap-products.xml")
@public
@accepts(SitemapPart)
def sitemap_products(form: SitemapPart) -> Response:
    """One part of a large shop's sitemap with the products behind one of them."""
    return Response(crawling.products_part(form.after), mimetype="application/xml")


def newsletter_wording() -> str:
    """The sentence that people agree to; kept with their address."""
    return _("News from %(shop)s by e-mail, to be ended at any time.", shop=current_shop().name)


def _newsletter_page(step: str, token: str = "") -> Response:
    return page("pages/storefront/newsletter.html", step=step, token=token, wording=newsletter_wording())


def _sections() -> list[AnySection]:
    """The published bands; those of the draft for who may see it."""
    if not preview.shows_draft():
        return queries.home_sections()
    return [band.section for band in draft_home.draft() if band.is_visible]


def _filling(section: AnySection) -> Any:
    """What a band shows beyond its own words."""
    match section:
        case Products():
            return catalog.newest_cards(section.limit, section.collection)
        case Collections():
            return catalog.collection_tiles(section.collections or None, most=len(section.collections) or 3)
        case Hero(product=handle) if handle:
            return catalog.card_of(handle)
        case Newsletter():
            return newsletter_wording()
        case Words():
            return markdown(section.body)
        case Faq():
            return [(item.question, markdown(item.answer)) for item in section.items]
    return None


def _description(sections: list[AnySection]) -> str:
    """The line for search engines: what the hero says."""
    hero = next((section for section in sections if isinstance(section, Hero)), None)
    return (hero.text or hero.title) if hero else current_shop().name
