"""Chaos at every hook of one shop while another sells: no page fails elsewhere, and its own go on without it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from app.core import db
from app.core.access import system_actor
from app.platform.plugins import places, queries, service
from app.platform.plugins.places import Place
from app.shop.orders.models import Order
from app.shop.payments import hooks as payments
from app.shop.payments import service as payment_service
from app.shop.shipping import hooks as shipping
from app.shop.shipping import queries as delivery
from app.shop.shipping import service as delivery_service
from app.shop.shipping.schemas import NewRate
from tests.conftest import in_a_thread
from tests.factories.checkout import Buyer
from tests.factories.payments import ObedientGateway

BY = system_actor("tests")
FOREIGN = "select name from shipping_zone where tenant_id = :tenant limit 1"


class Chaos(ObedientGateway):
    """A gateway, a provider and a slot that all do the same wrong thing."""

    work = staticmethod(lambda: None)
    asks_outside = False

    def start(self, account, payment):
        return self.work()

    def price(self, parcel, settings):
        return self.work()

    def problems(self, settings):
        return {}


@pytest.fixture
def chaos(app, shop, install, monkeypatch, kind):
    """The plugin, on in one shop: a way to pay, a delivery and a slot. Budgets are short only where one hangs."""
    seconds = 0.5 if kind == "sleeps" else 5
    plugin = Chaos(code="chaos", title="Chaos")
    install("chaos", slots={"shop.footer": lambda told: plugin.work()})
    payments.register(plugin)
    shipping.register(plugin)
    for name in ("PAYMENT_START", "DELIVERY_PRICE", "SLOT"):
        monkeypatch.setattr(places, name, Place(getattr(places, name).name, "", seconds))
    with app.app_context(), shop.entered():
        service.switch("chaos", "on", by=BY)
        payment_service.set_method("chaos", enabled=True, by=BY)
        delivery_service.add_rate(delivery.all_zones()[0].id, NewRate("Chaos", "chaos", {}), by=BY)
    yield plugin
    payments._gateways.pop("chaos")
    shipping._providers.pop("chaos")


@pytest.mark.parametrize("kind", ["raises", "sleeps", "answers garbage", "answers 100 MB", "asks for a foreign row"])
def test_another_shop_sells_while_a_plugin_misbehaves_at_every_hook(app, shop, other_shop, sell, chaos, kind):
    over = threading.Event()
    seen, bought = [], []
    works = {
        "raises": lambda: 1 / 0,
        "sleeps": lambda: over.wait(60),
        "answers garbage": lambda: {"rubbish": object()},
        "answers 100 MB": lambda: "x" * 100_000_000,
        "asks for a foreign row": lambda: seen.append(db.session.scalar(text(FOREIGN), {"tenant": other_shop.id})),
    }
    victim, neighbour = Buyer(shop.browser()), Buyer(other_shop.browser())
    victim.put_in(sell())
    neighbour.put_in(sell(at=other_shop))
    chaos.work = works[kind]
    sold = threading.Thread(target=lambda: bought.append(in_a_thread(neighbour.buy)))

    sold.start()
    footer = victim.browser.get("/cart")
    checkout = victim.browser.get("/checkout")
    refused = victim.place(payment="chaos")
    paid = victim.buy()
    sold.join()
    over.set()

    assert footer.status_code == checkout.status_code == 200
    assert "Standard delivery" in checkout.text and 'data-slot="shop.footer"' not in footer.text
    assert refused.status_code == 503 and "does not answer at the moment" in refused.text
    assert paid.headers["Location"].startswith("/orders/"), "the shop itself sells on without the plugin"
    assert bought[0].headers["Location"].startswith("/orders/"), "and so does its neighbour"
    assert set(seen) <= {None}, "nothing of another shop was seen"
    with app.app_context(), shop.entered():
        noted = {one.place for one in queries.errors_of("chaos")}
        assert "slot" in noted
        assert kind == "asks for a foreign row" or "delivery.price" in noted, "no row is no price, which is an answer"
        assert kind == "sleeps" or "payment.start" in noted, "what hangs leaves no room to begin a payment"
    with app.app_context(), other_shop.entered():
        assert queries.errors_of("chaos") == []
        assert db.session.scalars(db.db.select(Order.payment_status)).all() == ["paid"]
