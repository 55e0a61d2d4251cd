"""Slots: named places on pages, in letters and on paper; sanitised, on time, and free where nobody fills them."""

from __future__ import annotations

import re
import threading
import timeit

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.plugins import calling, places, queries, service, slots
from app.platform.plugins.declaring import WrongDeclaration
from app.platform.plugins.places import Place
from app.settings import ROOT
from tests.factories.keeping import anonymous, has_page

BY = system_actor("tests")
EVIL = '<p onclick="x()">Soft clay</p><script>alert(1)</script><style>*{}</style><img src="https://spy.example/p.gif">'


@pytest.fixture(autouse=True)
def time_enough(monkeypatch):
    """These tests are about what is shown; the budget has one of its own."""
    monkeypatch.setattr(places, "SLOT", Place("slot", "", 5))


@pytest.fixture
def fill(app, shop, install):
    """Install a plugin that fills these slots, and switch it on."""

    def one(at=shop, **filled):
        install(slots={name.replace("__", "."): work for name, work in filled.items()})
        with app.app_context(), at.entered():
            service.switch("greeter", "on", by=BY)

    return one


def test_what_a_plugin_shows_is_sanitised_and_told_only_plain_values(client, sell, fill):
    told = []
    fill(product__below_price=lambda values: told.append(values) or EVIL)
    sell(title="Vase", handle="vase", price=6400)

    page = client.get("/products/vase").text

    box = re.search(r'<div class="slot" data-slot="product.below_price">(.*?)</div>', page, re.DOTALL)
    assert box is not None and "Soft clay" in box[1]
    assert not re.search("onclick|alert|<style|spy.example", box[1])
    assert told == [{"handle": "vase", "title": "Vase", "price": 6400, "currency": "EUR"}]


def test_slots_stand_in_the_shop_the_back_office_the_letter_and_the_invoice(
    staff_client, buyer, sell, fill, run_jobs, outbox
):
    names = ("cart.below_sums", "shop.footer", "home.below_figures", "order.side", "order.below_summary")
    names += ("mail.order_confirmation", "invoice.below_lines")
    fill(**{name.replace(".", "__"): (lambda values, name=name: f"<p>here is {name}</p>") for name in names})
    buyer.put_in(sell())
    bag = buyer.browser.get("/cart").text
    status = buyer.browser.get(buyer.buy().headers["Location"], follow_redirects=True).text
    run_jobs()
    number = re.search(r"/admin/orders/(\d+)", staff_client.get("/admin/orders").text)[1]
    order = staff_client.get(f"/admin/orders/{number}").text
    letter = next(one for one in outbox if one.template == "orders/mail/confirmation")
    paper = staff_client.get(f"/admin/orders/{number}/invoice")

    assert "here is cart.below_sums" in bag and "here is shop.footer" in bag
    assert "here is order.below_summary" in status
    assert "here is home.below_figures" in staff_client.get("/admin").text
    assert "here is order.side" in order
    assert "here is mail.order_confirmation" in letter.html
    assert "here is invoice.below_lines" in paper.text


@pytest.mark.parametrize("kind", ["raises", "hangs", "answers rubbish", "answers too much"])
def test_a_plugin_that_misbehaves_in_a_slot_leaves_it_empty_and_the_page_whole(
    app, shop, client, fill, kind, monkeypatch
):
    over = threading.Event()
    works = {
        "raises": lambda values: 1 / 0,
        "hangs": lambda values: over.wait(60),
        "answers rubbish": lambda values: {"html": 1},
        "answers too much": lambda values: "x" * 100_000_000,
    }
    if kind == "hangs":
        monkeypatch.setattr(places, "SLOT", Place("slot", "", 0.05))
    fill(shop__footer=works[kind])

    page = client.get("/cart")

    over.set()
    assert page.status_code == 200 and "data-slot" not in page.text
    with app.app_context(), shop.entered():
        assert len(queries.errors_of("greeter")) == 1


def test_a_kept_page_shows_what_plugins_show_now(app, mug, kept_pages, fill):
    words = ["first"]
    assert "first" not in has_page(anonymous(mug), "/products/blue-mug").text
    fill(at=mug, shop__footer=lambda values: words[0])
    assert "first" in has_page(anonymous(mug), "/products/blue-mug").text

    words[0] = "second"
    assert "first" in has_page(anonymous(mug), "/products/blue-mug").text, "nothing of the shop has changed"
    with app.app_context(), mug.entered():
        service.write_settings("greeter", service.settings_of("greeter"), by=BY)
    assert "second" in has_page(anonymous(mug), "/products/blue-mug").text
    with app.app_context(), mug.entered():
        service.switch("greeter", "off", by=BY)
    assert "second" not in has_page(anonymous(mug), "/products/blue-mug").text


def test_only_the_shop_that_switched_it_on_shows_it(client, other_shop, fill):
    fill(shop__footer=lambda values: "<p>only here</p>")

    assert "only here" in client.get("/cart").text
    assert "only here" not in other_shop.browser().get("/cart").text


def test_an_empty_slot_costs_next_to_nothing(in_shop, install):
    install(slots={"shop.footer": lambda values: "x"})
    slots.fill("shop.footer")
    db.session.rollback()

    seconds = min(timeit.repeat(lambda: slots.fill("shop.footer", path="/"), number=200, repeat=5)) / 200

    assert seconds < 100e-6
    assert calling._breakers._states == {}


def test_every_slot_of_the_catalogue_stands_in_a_template_and_no_other_does(install):
    told = {}
    for path in (ROOT / "app").rglob("*.html"):
        for name, values in re.findall(r'slot\("([a-z._]+)"((?:, \w+=[\w.]+)*)\)', path.read_text()):
            told[name] = set(re.findall(r"(\w+)=", values))

    assert told == {name: set(slot.told) for name, slot in slots.SLOTS.items()}
    with pytest.raises(WrongDeclaration):
        install(slots={"nowhere.at_all": lambda values: ""})
