"""A shop whose pages are kept, and browsers that nobody knows."""

from __future__ import annotations

import pytest

from app.core import listening
from app.core.pagecache import Memory
from tests.factories.catalog import a_collection, a_product


@pytest.fixture
def kept_pages(app):
    """The cache in front of the app, empty, and hearing of changes."""
    assert listening.listener.wait_until_heard()
    kept = app.extensions["pages"]
    kept.memory = Memory(8 * 1024 * 1024)
    return kept


@pytest.fixture
def renders(kept_pages, monkeypatch):
    """Paths that Flask was asked for, in order."""
    seen, behind = [], kept_pages.behind

    def watched(environ, start):
        seen.append(environ["PATH_INFO"])
        return behind(environ, start)

    monkeypatch.setattr(kept_pages, "behind", watched)
    return seen


@pytest.fixture
def mug(app, shop, kept_pages):
    """A shop with one mug; this process has met its host."""
    put_a_mug_into(app, shop)
    shop.browser().get("/cart")
    return shop


@pytest.fixture(scope="session")
def a_mug_for_all(app, open_shop_of):
    """The same for tests that change nothing: opened once."""
    shop = open_shop_of(app)
    put_a_mug_into(app, shop)
    return shop


def put_a_mug_into(app, shop):
    """Ten blue mugs in a collection of their own."""
    with app.app_context(), shop.entered():
        a_collection([a_product(title="Blue mug", price=2000, on_hand=10)], title="Mugs")


def anonymous(shop):
    """A browser without a single cookie."""
    browser = shop.browser()
    browser.delete_cookie("csrf", domain=shop.host)
    return browser


def has_page(browser, path="/products/blue-mug", **options):
    answer = browser.get(path, **options)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def neighbours(app, mug, other_shop):
    """Two shops with a product of the same address, both met by this process."""
    with app.app_context(), other_shop.entered():
        a_product(title="Blue mug", price=3300)
    other_shop.browser().get("/cart")
    return mug, other_shop
