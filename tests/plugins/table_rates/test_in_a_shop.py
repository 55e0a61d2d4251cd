"""A table is pasted by staff or sent by a program, and prices deliveries at the checkout."""

from __future__ import annotations

import pytest
from livery_table_rates import plugin

from app.core import db
from app.core.access import system_actor
from app.core.ids import to_public
from app.core.rest import PREFIX
from app.platform.plugins import service
from app.shop.shipping import queries
from app.shop.shipping.models import ShippingRate
from tests.conftest import sign_in_owner

TABLE = "weight_to;price\n2000;4,90\n10000;9,90"


@pytest.fixture
def zone(app, shop, put_in):
    """The zone at home of a shop that has the plugin on."""
    put_in(plugin)
    with app.app_context(), shop.entered():
        return queries.all_zones()[0].id


@pytest.fixture
def rates(app, shop):
    """Names and settings of the shop's rates by this provider."""

    def read() -> list[tuple[str, dict]]:
        with app.app_context(), shop.entered():
            wanted = db.db.select(ShippingRate).where(ShippingRate.provider == "table_rates")
            return [(one.name, dict(one.settings)) for one in db.session.scalars(wanted)]

    return read


def test_staff_paste_a_table_and_what_is_wrong_is_said_beside_it_and_kept(shop, zone, rates):
    staff = sign_in_owner(shop)
    page = f"/admin/settings/delivery/zones/{zone}/rates/table_rates"
    assert page in staff.get("/admin/settings/delivery").text
    assert 'name="table"' in staff.get(page).text and 'name="amount"' not in staff.get(page).text
    typed = {"name": "Parcel", "provider": "table_rates", "is_enabled": "1"}

    refused = staff.post_form(page, typed | {"table": "price\n1\nlots\n"})
    assert refused.status_code == 422
    assert "Line 3: “lots” is no number for price." in refused.text and "lots\n" in refused.text
    assert rates() == []
    assert staff.post_form(page, typed | {"table": TABLE, "amount": "5"}).status_code == 422, "a flat rate's field"

    assert staff.post_form(page, typed | {"table": TABLE}).status_code == 303
    assert rates() == [("Parcel", {"table": TABLE})]


def test_the_checkout_prices_by_the_table_and_offers_nothing_beyond_it(shop, zone, app, sell, program):
    api = program()
    with app.app_context(), shop.entered():
        for rate in queries.rates_of(zone):
            db.delete(rate)
        db.checkpoint()
    body = {"name": "Parcel", "provider": "table_rates", "settings": {"table": TABLE}}
    made = api.post(f"{PREFIX}/shipping/zones/{to_public('zone', zone)}/rates", body)
    assert made.status_code == 201, made.text
    assert (made.json["settings"], made.json["amount"]) == ({"table": TABLE}, None)

    light, heavy = sell(title="Cup", weight_grams=300), sell(title="Anvil", weight_grams=50_000)
    assert "4.90" in _deliveries(shop, light)
    assert "9.90" in _deliveries(shop, light, 10)
    assert "Parcel" not in _deliveries(shop, heavy)

    with app.app_context(), shop.entered():
        service.switch("table_rates", "off", by=system_actor("tests"))
        db.checkpoint()
    assert "Parcel" not in _deliveries(shop, light), "nothing of a plugin that is off"


def test_a_program_hears_which_line_is_wrong_and_which_setting_there_is_not(shop, zone, rates, program):
    api = program()
    path = f"{PREFIX}/shipping/zones/{to_public('zone', zone)}/rates"
    sent = {"name": "Parcel", "provider": "table_rates"}

    for settings, said in (
        ({"table": "price\nx"}, "Line 2"),
        ({"table": TABLE, "colour": "red"}, "There is no such setting."),
        ({}, "table"),
    ):
        refused = api.post(path, sent | {"settings": settings})
        assert refused.status_code == 422 and said in refused.text, refused.text
    assert api.post(path, sent | {"settings": {"table": TABLE}, "amount": 1}).status_code == 422
    assert rates() == []


def _deliveries(shop, variant, quantity: int = 1) -> str:
    browser = shop.browser()
    added = browser.post_form("/cart/lines", {"variant_id": str(variant), "quantity": str(quantity)})
    assert added.status_code == 303, added.text
    return browser.get("/checkout").text


def test_a_shop_that_has_it_off_is_not_asked_to_use_it(shop, put_in):
    put_in(plugin, state="off")

    page = sign_in_owner(shop).get("/admin/settings/delivery").text
    assert "/rates/flat" in page
    assert "/rates/table_rates" not in page
