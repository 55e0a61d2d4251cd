"""Pages of equal content are drawn once, and anew for anything that they show."""

from __future__ import annotations

import gzip

import pytest

from app.core import access, db
from app.core.pagecache import MADE, Memory
from app.platform.branding import service as branding
from app.platform.tenancy import queries as tenancy_queries
from app.shop.catalog import service as catalog
from app.shop.catalog.models import Variant
from app.shop.pages import service as pages
from app.shop.pages.schemas import MenuLink
from app.ui import fragments
from app.ui.fragments import Pieces
from app.ui.theme import BrandTokens
from tests.factories.catalog import a_product
from tests.factories.keeping import anonymous, has_page

SYSTEM = access.system_actor("tests")
PAGES = ["/collections/mugs", "/products/blue-mug"]


@pytest.fixture
def drawn(kept_pages, monkeypatch):
    """Templates that were really drawn; every page is a miss."""
    kept_pages.memory = Memory(0)
    monkeypatch.setattr(fragments, "whole_pages", Pieces(1_000_000))
    seen, draw = [], fragments.render_template
    monkeypatch.setattr(fragments, "render_template", lambda name, **values: seen.append(name) or draw(name, **values))
    return seen


def _another_product():
    a_product(title="Not on this shelf", status="draft")


def _stock():
    catalog.set_stock(db.session.query(Variant.id).scalar(), 2, by=SYSTEM)


def _look():
    branding.publish_tokens(BrandTokens(words={"add_to_bag": "Changed"}), by=SYSTEM)


def _menu():
    pages.write_menu("main", [MenuLink("Changed", "/collections/mugs")], by=SYSTEM)


def _announcement():
    tenancy_queries.lock_shop().announcement = "Changed"


@pytest.mark.parametrize("path", PAGES)
def test_what_shows_what_it_showed_is_not_drawn_again(app, mug, drawn, path):
    before = has_page(anonymous(mug), path).text
    with app.app_context(), mug.entered():
        _another_product()

    assert has_page(anonymous(mug), path).text == before
    assert len(drawn) == 1


def test_it_is_sent_as_it_is_kept_to_whoever_takes_gzip_and_unpacked_for_others(app, mug, drawn):
    first = anonymous(mug).get(PAGES[0], headers={"Accept-Encoding": "gzip"})
    packed = anonymous(mug).get(PAGES[0], headers={"Accept-Encoding": "gzip"})
    plain = anonymous(mug).get(PAGES[0])
    head = anonymous(mug).head(PAGES[0])
    again = anonymous(mug).get(PAGES[0], headers={"If-None-Match": plain.headers["ETag"]})

    assert len(drawn) == 1
    assert packed.data == first.data and gzip.decompress(packed.data).decode() == plain.text
    assert packed.headers["ETag"] == first.headers["ETag"] and plain.text == gzip.decompress(first.data).decode()
    assert (int(plain.headers["Content-Length"]), head.headers["Content-Length"]) == (
        len(plain.data),
        plain.headers["Content-Length"],
    )
    assert again.status_code == 304


def test_an_answer_with_another_body_is_not_taken_for_the_page_that_was_known(app, mug, drawn):
    """What comes after the view may answer otherwise: a shop that closes meanwhile, a crash."""
    has_page(anonymous(mug), PAGES[0])
    kept = app.extensions["pages"]
    behind = kept.behind

    def refuses(environ, start):
        list(behind(environ, lambda *_: None))
        assert environ[MADE].said == b""  # it was known
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"Something else"]

    kept.behind = refuses
    try:
        assert anonymous(mug).get(PAGES[0]).text == "Something else"
    finally:
        kept.behind = behind


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("change", [_stock, _look, _menu, _announcement])
def test_each_thing_that_it_shows_makes_it_anew(app, mug, drawn, path, change):
    has_page(anonymous(mug), path)
    with app.app_context(), mug.entered():
        change()

    text = has_page(anonymous(mug), path).text
    assert "2 left" in text if change is _stock else "Changed" in text
    assert len(drawn) == 2


def test_without_what_stands_around_it_an_old_menu_would_be_shown(app, mug, drawn, monkeypatch):
    """The control."""
    monkeypatch.setattr(fragments, "_around_a_page", lambda: ())
    has_page(anonymous(mug), PAGES[0])
    with app.app_context(), mug.entered():
        _menu()

    assert "Changed" not in has_page(anonymous(mug), PAGES[0]).text


def test_two_shops_and_two_addresses_share_nothing(neighbours, drawn):
    texts = {has_page(anonymous(shop), path).text for shop in neighbours for path in ("/products/blue-mug",)}

    assert len(texts) == len(drawn) == 2


def test_the_least_asked_for_leaves_first():
    pieces = Pieces(10)
    for name in (b"a", b"b", b"a", b"c"):
        if pieces.get(name) is None:
            pieces.keep(name, b"1234")

    assert [pieces.get(name) for name in (b"a", b"b", b"c")] == [b"1234", None, b"1234"]
