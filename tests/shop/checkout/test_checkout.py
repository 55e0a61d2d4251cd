"""The checkout page and its button."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from app.core import db
from app.core.access import system_actor
from app.platform.tenancy.queries import lock_shop
from app.shop.catalog.models import Variant
from app.shop.customers import service as customers
from app.shop.customers.queries import addresses_of
from app.shop.customers.schemas import NewAddress
from app.shop.orders.models import Order
from app.shop.payments import service as payments
from app.shop.shipping import service as shipping
from app.shop.shipping.schemas import DeliveryZone, NewRate
from tests.factories.checkout import ADDRESS, fields_of, sentences

BY = system_actor("tests")


def count_orders(at_shop):
    return at_shop(lambda: db.session.scalar(select(func.count()).select_from(Order)))


def last_order(at_shop):
    return at_shop(lambda: db.session.scalars(select(Order).order_by(Order.id.desc())).first())


def stock(at_shop, variant):
    return at_shop(lambda: db.session.scalars(select(Variant.on_hand).where(Variant.id == variant)).one())


def change(at_shop, variant, **values):
    at_shop(lambda: db.session.execute(update(Variant).where(Variant.id == variant).values(**values)))


def test_without_anything_in_the_bag_the_checkout_leads_back(client):
    answer = client.get("/checkout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")


def test_the_page_has_four_steps_and_browsers_can_fill_it_in(buyer, sell):
    buyer.put_in(sell())

    page = buyer.browser.get("/checkout").text

    for legend in ("Contact and address", "Delivery", "Payment", "Review"):
        assert f"<legend>{legend}</legend>" in page
    for token in ("email", "name", "address-line1", "postal-code", "address-level2", "country", "tel"):
        assert f'autocomplete="{token}"' in page
    assert "cc-number" not in page


def test_the_sums_show_goods_delivery_total_and_the_tax_in_it(buyer, sell):
    buyer.put_in(sell(price=6400))

    page = sentences(buyer.browser.get("/checkout").text)

    assert "Goods €64.00 Delivery €5.00 Total €69.00 of which VAT 23 % €12.90" in page


def test_prices_without_tax_show_it_above_the_total(buyer, sell, at_shop):
    at_shop(lambda: setattr(lock_shop(), "prices_include_tax", False))
    buyer.put_in(sell(price=1000))

    page = sentences(buyer.browser.get("/checkout").text)

    assert "Goods €10.00 Delivery €5.00 VAT 23 % €3.45 Total €18.45" in page


def test_update_without_javascript_keeps_what_was_typed_and_reprices(buyer, sell):
    buyer.put_in(sell(price=1000))
    form = buyer.form(country="US", city="Boston", delivery="")

    answer = buyer.browser.post_form("/checkout/update", form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/checkout")
    page = buyer.browser.get("/checkout").text
    assert 'value="Boston"' in page
    assert "International delivery" in page
    assert "Total €25.00" in sentences(page)
    assert "VAT" not in sentences(page)


def test_update_by_htmx_answers_with_the_form_alone(buyer, sell):
    buyer.put_in(sell(price=1000))

    answer = buyer.browser.post_form("/checkout/update", buyer.form(country="US", delivery=""), htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="checkout"' in answer.text
    assert fields_of(answer.text)["agreed_total"] == "2500"


def test_an_account_fills_in_what_it_knows(buyer, sell, make_customer, at_shop):
    customer = make_customer(email="ines@example.com")
    home = NewAddress(name="Ines", line1="Rua das Flores 1", city="Porto", country="PT")
    at_shop(lambda: customers.add_address(customer.id, home))
    buyer.browser.post_form("/account/sign-in", {"email": "ines@example.com", "password": "a long enough phrase"})
    buyer.put_in(sell())

    found = fields_of(buyer.browser.get("/checkout").text)

    assert (found["email"], found["line1"], found["country"]) == ("ines@example.com", "Rua das Flores 1", "PT")


def test_the_order_of_a_signed_in_shopper_is_theirs(buyer, sell, make_customer, at_shop):
    customer = make_customer(email="ines@example.com")
    buyer.browser.post_form("/account/sign-in", {"email": "ines@example.com", "password": "a long enough phrase"})
    buyer.put_in(sell())

    buyer.buy(email="other@example.com")

    assert last_order(at_shop).customer_id == customer.id
    assert [kept.line1 for kept in at_shop(lambda: addresses_of(customer.id))] == [ADDRESS["line1"]]


@pytest.mark.parametrize("field", ["email", "name", "line1", "city", "postal_code", "delivery", "payment"])
def test_a_missing_field_gets_a_sentence_and_nothing_is_lost(buyer, sell, at_shop, field):
    buyer.put_in(sell())
    changes = {field: "", "note": "please ring", "country": "DE"}

    answer = buyer.place(**changes)

    assert answer.status_code == 422
    assert "lease" in answer.text
    assert "please ring" in answer.text
    assert fields_of(answer.text)["country"] == "DE"
    assert count_orders(at_shop) == 0


@pytest.mark.parametrize("changes", [{"email": "nobody"}, {"name": "x" * 121}, {"postal_code": "\x00"}])
def test_bad_input_gets_a_sentence(buyer, sell, at_shop, changes):
    buyer.put_in(sell())

    assert buyer.place(**changes).status_code == 422
    assert count_orders(at_shop) == 0


@pytest.mark.parametrize("extra", [{"total": "1"}, {"price": "1"}, {"status": "paid"}, {"customer_id": "1"}])
def test_fields_that_nobody_asked_for_are_refused(buyer, sell, at_shop, extra):
    buyer.put_in(sell())

    assert buyer.place(**extra).status_code == 422
    assert count_orders(at_shop) == 0


@pytest.mark.parametrize("agreed", ["1", "0", "-5", "", "lots", "9" * 20])
def test_a_tampered_total_orders_nothing(buyer, sell, at_shop, agreed):
    buyer.put_in(sell(price=6400))

    answer = buyer.place(agreed_total=agreed)

    assert answer.status_code in {409, 422}
    assert "The total is now €69.00" in answer.text
    assert count_orders(at_shop) == 0


def test_a_price_that_moved_meanwhile_is_said_in_one_sentence_and_the_next_click_orders(buyer, sell, at_shop):
    variant = sell(price=6400)
    buyer.put_in(variant)
    form = buyer.form(note="please ring")
    change(at_shop, variant, price=7000)

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 409
    assert "The total is now €75.00 (it was €69.00)" in refused.text
    assert "please ring" in refused.text
    assert count_orders(at_shop) == 0
    again = buyer.browser.post_form("/checkout", fields_of(refused.text))
    assert again.status_code == 303
    assert last_order(at_shop).total == 7500


def test_goods_that_sold_out_meanwhile_are_named_and_the_bag_is_kept(buyer, sell, at_shop):
    variant = sell(title="Moon vase", on_hand=2)
    buyer.put_in(variant, 2)
    form = buyer.form()
    change(at_shop, variant, on_hand=1)

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 409
    assert "Only 1 of Moon vase left" in refused.text
    assert fields_of(refused.text)["name"] == ADDRESS["name"]
    assert (count_orders(at_shop), stock(at_shop, variant)) == (0, 1)
    assert "Moon vase" in buyer.browser.get("/cart").text


def test_a_product_that_vanished_meanwhile_is_named(buyer, sell, at_shop):
    variant = sell(title="Moon vase")
    buyer.put_in(variant)
    form = buyer.form()
    at_shop(lambda: db.session.execute(delete(Variant).where(Variant.id == variant)))

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 409
    assert "Moon vase is no longer sold here" in refused.text
    assert count_orders(at_shop) == 0


def test_a_delivery_that_was_changed_meanwhile_orders_nothing_and_shows_the_new_one(buyer, sell, at_shop):
    buyer.put_in(sell(price=1000))
    form = buyer.form()
    new = NewRate("Courier", "flat", {"amount": 900, "free_from": None})
    at_shop(lambda: shipping.write_delivery([DeliveryZone("Home", ("IE",), (new,))], by=BY))

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 409
    assert "The total is now €19.00" in refused.text
    assert "Courier" in refused.text
    assert count_orders(at_shop) == 0


def test_a_payment_that_was_switched_off_meanwhile_is_said(buyer, sell, at_shop):
    buyer.put_in(sell())
    form = buyer.form()
    at_shop(lambda: payments.set_method("testpay", enabled=False, by=BY))

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 409
    assert "no longer offered" in refused.text
    assert count_orders(at_shop) == 0


def test_a_country_that_nobody_delivers_to_is_said(buyer, sell, at_shop):
    buyer.put_in(sell())
    form = buyer.form()
    at_shop(lambda: shipping.write_delivery([DeliveryZone("France", ("FR",), ())], by=BY))

    refused = buyer.browser.post_form("/checkout", form)

    assert refused.status_code == 422
    assert "cannot deliver" in refused.text
    assert count_orders(at_shop) == 0


def test_a_parcel_too_heavy_for_every_rate_cannot_be_ordered(buyer, sell, at_shop):
    table = NewRate("Parcel", "weight", {"steps": [{"up_to": 2000, "amount": 490}], "free_from": None})
    at_shop(lambda: shipping.write_delivery([DeliveryZone("Home", ("IE",), (table,))], by=BY))
    buyer.put_in(sell(weight_grams=1500), 2)

    page = buyer.browser.get("/checkout").text

    assert "cannot deliver" in page
    assert "disabled>Place the order" in page


def test_weight_decides_the_price_of_the_delivery(buyer, sell, at_shop):
    steps = [{"up_to": 1000, "amount": 490}, {"up_to": 5000, "amount": 990}]
    table = NewRate("Parcel", "weight", {"steps": steps, "free_from": None})
    at_shop(lambda: shipping.write_delivery([DeliveryZone("Home", ("IE",), (table,))], by=BY))
    buyer.put_in(sell(price=1000, weight_grams=800), 2)

    buyer.buy()

    assert last_order(at_shop).shipping == 990
