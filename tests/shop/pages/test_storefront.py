"""Home page, text pages and what crawlers read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.tenancy import service as tenancy
from app.shop.pages import service
from app.shop.pages.schemas import NewPage
from tests.factories.catalog import a_picture

BY = system_actor("tests")


def test_a_new_shop_has_a_home_page_that_teaches_its_emptiness(client, shop):
    answer = client.get("/")

    assert answer.status_code == 200
    assert f"Welcome to {shop.name}" in answer.text
    assert "The shelves are being filled" in answer.text
    assert "Shop by collection" not in answer.text


def test_the_home_page_shows_every_kind_of_section(client, make_product, make_collection):
    vase = make_product(title="Moon vase", handle="moon-vase", price=6400, image=True)
    make_collection([vase], title="Vases")
    image = {"key": a_picture().key, "alt": "A vase", "width": 720, "height": 900, "renditions": a_picture().renditions}
    sections = [
        {
            "kind": "hero",
            "title": "Clay",
            "eyebrow": "Autumn",
            "button": "Shop",
            "product": "moon-vase",
            "image": image,
        },
        {"kind": "usp", "items": [{"icon": "truck", "text": "Fast"}]},
        {"kind": "products", "title": "Fresh", "collection": "vases", "more": "See all"},
        {"kind": "story", "title": "Two wheels", "text": "Rita throws.", "image": image},
        {"kind": "collections", "title": "By collection", "collections": ["vases", "gone"]},
        {"kind": "text", "title": "Words", "body": "Some **bold** words"},
        {"kind": "quote", "text": "Lovely", "author": "Ana"},
        {"kind": "faq", "title": "Questions", "items": [{"question": "Why?", "answer": "Because."}]},
    ]
    service.write_home(sections, by=BY)
    db.checkpoint()

    answer = client.get("/")

    assert answer.status_code == 200
    for text in ("Clay", "Autumn", "€64", "Fast", "Fresh", "Two wheels", "By collection", "Lovely", "Why?"):
        assert text in answer.text
    assert "<strong>bold</strong>" in answer.text
    assert 'href="/collections/vases"' in answer.text


def test_a_section_that_names_what_is_gone_shows_the_rest(client, in_shop):
    service.write_home(
        [{"kind": "hero", "title": "Clay", "product": "gone"}, {"kind": "products", "collection": "gone"}], by=BY
    )
    db.checkpoint()

    assert "Clay" in client.get("/").text


def test_a_home_page_without_sections_still_leads_into_the_shop(client, in_shop):
    service.write_home([], by=BY)
    db.checkpoint()

    assert 'href="/collections/all"' in client.get("/").text


def test_a_text_page_shows_its_markdown_and_no_foreign_html(client, make_page):
    make_page(title="Journal", body="## Monday\n\n<script>alert(1)</script> [link](javascript:alert(1))")

    answer = client.get("/pages/journal")

    assert answer.status_code == 200
    assert "<h2>Monday</h2>" in answer.text
    assert "<script>alert" not in answer.text
    assert 'href="javascript' not in answer.text


@pytest.mark.parametrize("path", ["/pages/unknown", "/pages/journal"])
def test_drafts_and_unknown_pages_answer_alike(client, make_page, path):
    make_page(title="Journal", status="draft")

    assert client.get(path).status_code == 404


def test_pages_of_another_shop_are_not_found(client, app, other_shop):
    with app.app_context(), other_shop.entered():
        service.create_page(NewPage("Journal", body="Theirs"), by=BY)

    assert client.get("/pages/journal").status_code == 404
    assert other_shop.browser().get("/pages/journal").status_code == 200


def test_the_menus_stand_on_every_page(client, shop):
    answer = client.get("/pages/about")

    assert '<a href="/collections/all">Shop all</a>' in answer.text
    assert '<a href="/pages/returns">Returns</a>' in answer.text


def test_crawlers_are_told_what_to_read(client, shop):
    answer = client.get("/robots.txt")

    assert answer.mimetype == "text/plain"
    assert "Disallow: /checkout" in answer.text
    assert f"Sitemap: {shop.url('/sitemap.xml')}" in answer.text


def test_the_sitemap_lists_what_shoppers_see_and_nothing_else(client, shop, make_product, make_collection, make_page):
    make_collection([make_product(title="Vase & co")], title="Vases")
    make_product(title="Secret", status="draft")
    make_page(title="Hidden", status="draft")

    answer = client.get("/sitemap.xml")

    found = [
        loc.text for loc in ElementTree.fromstring(answer.text).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert answer.mimetype == "application/xml"
    assert shop.url("/") in found
    assert shop.url("/products/vase-co") in found
    assert shop.url("/collections/vases") in found
    assert shop.url("/pages/about") in found
    assert not [one for one in found if "secret" in one or "hidden" in one]
    assert "hreflang" not in answer.text


def test_the_sitemap_of_a_shop_of_several_languages_names_each_page_in_all_of_them(client, app, shop, make_product):
    make_product(title="Vase & co")
    with app.app_context(), shop.entered():
        tenancy.keep_setting("languages", ["de", "ar"])

    answer = client.get("/sitemap.xml")

    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = {"en": "", "de": "/de", "ar": "/ar"}
    in_all = {language: shop.url(f"{place}/products/vase-co") for language, place in places.items()}
    entries = [
        {link.get("hreflang"): link.get("href") for link in entry.iter("{http://www.w3.org/1999/xhtml}link")}
        for entry in ElementTree.fromstring(answer.text).iter(f"{name}url")
        if entry.findtext(f"{name}loc") in in_all.values()
    ]
    assert entries == [in_all] * 3


def test_a_page_names_itself_in_every_language(client, app, shop, make_product):
    make_product(title="Vase", handle="vase")
    alone = client.get("/products/vase").text
    with app.app_context(), shop.entered():
        tenancy.keep_setting("languages", ["de", "ar"])

    pages = [client.get(f"{path}/products/vase").text for path in ("", "/de")]

    expected = {"en": "", "x-default": "", "de": "/de", "ar": "/ar"}
    for page in pages:
        named = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        assert named == {language: shop.url(f"{path}/products/vase") for language, path in expected.items()}
    assert f'<link rel="canonical" href="{shop.url("/de/products/vase")}">' in pages[1]
    assert "hreflang" not in alone
