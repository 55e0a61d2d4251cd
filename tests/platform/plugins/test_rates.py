"""Slow providers of delivery prices: nobody's connection is held while they think."""

from __future__ import annotations

import threading

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.plugins import service as plugins
from app.shop.shipping import hooks
from app.shop.shipping import queries as delivery
from app.shop.shipping import service as delivery_service
from app.shop.shipping.schemas import NewRate
from tests.conftest import in_a_thread
from tests.factories.checkout import Buyer

BY = system_actor("tests")


class Slow:
    """Reads its settings, and answers as late as the test says; takes note of connections in use meanwhile."""

    code, title, asks_outside = "greeter", "Slow", True

    def __init__(self, app) -> None:
        self.pools = [engine.pool for engine in db.engines_of(app)]
        self.seen: list[int] = []
        self.works = lambda: None

    def in_use(self) -> int:
        return sum(pool.checkedout() for pool in self.pools)

    def price(self, parcel, settings):
        plugins.settings_of("greeter")
        self.seen.append(self.in_use())
        self.works()
        return hooks.DeliveryPrice(701)

    def problems(self, settings):
        return {}


@pytest.fixture
def slow(app, shop, install):
    """The provider, on in the shop and with a rate."""
    install()
    provider = Slow(app)
    hooks.register(provider)
    with app.app_context(), shop.entered():
        plugins.switch("greeter", "on", by=BY)
        delivery_service.add_rate(delivery.all_zones()[0].id, NewRate("By courier", "greeter", {}), by=BY)
        db.checkpoint()
    yield provider
    hooks._providers.pop("greeter")


def test_no_connection_is_held_while_a_provider_thinks_on_any_page_of_the_checkout(app, shop, sell, slow):
    before = slow.in_use()
    buyer = Buyer(shop.browser())
    buyer.put_in(sell())
    form = buyer.form()
    asked = [len(slow.seen)]
    buyer.browser.post_form("/checkout/update", form)
    asked.append(len(slow.seen))
    again = buyer.form()
    page = buyer.browser.get("/checkout").text
    asked.append(len(slow.seen))
    placed = buyer.browser.post_form("/checkout", again)
    asked.append(len(slow.seen))

    assert "By courier" in page and "7.01" in page
    assert placed.status_code == 303, placed.text[:500]
    assert asked == sorted(set(asked)) and asked[0] > 0, "each of the pages asked"
    assert set(slow.seen) == {before}

    slow.seen.clear()
    with app.app_context(), shop.entered():
        delivery.rates_for("IE", 100, 100)
    assert set(slow.seen) == {before + 1}, "without the way round the asker's connection is held"


def test_a_provider_that_hangs_leaves_the_pool_free_and_the_page_comes_without_it(shop, sell, slow):
    began, over, pages = threading.Event(), threading.Event(), []
    buyer, other = Buyer(shop.browser()), Buyer(shop.browser())
    buyer.put_in(sell())
    other.browser.get("/cart")
    before = slow.in_use()
    slow.works = lambda: (began.set(), over.wait(60))
    waiting = threading.Thread(target=lambda: pages.append(in_a_thread(lambda: buyer.browser.get("/checkout"))))

    waiting.start()
    assert began.wait(30)
    assert (slow.in_use(), pages) == (before, [])
    waiting.join(60)
    over.set()

    assert "Standard delivery" in pages[0].text and "By courier" not in pages[0].text
