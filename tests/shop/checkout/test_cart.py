"""The bag: what goes in, what stays, and what is said when something changed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from app.core import clock, db
from app.shop.catalog.models import Product, Variant
from app.shop.checkout import jobs, queries
from app.shop.checkout.models import Cart
from tests.factories.checkout import Buyer


def change(at_shop, variant_id, **values):
    at_shop(lambda: db.session.execute(update(Variant).where(Variant.id == variant_id).values(**values)))


def withdraw(at_shop, variant_id):
    def run():
        product_id = db.session.get(Variant, (queries.current_shop().tenant_id, variant_id)).product_id
        db.session.execute(update(Product).where(Product.id == product_id).values(status="draft"))

    at_shop(run)


def bag(buyer):
    return buyer.browser.get("/cart").text


def test_an_empty_bag_says_so_and_leads_back_to_the_shop(client):
    page = client.get("/cart")

    assert page.status_code == 200
    assert "Your bag is empty" in page.text


def test_something_put_in_is_there_with_its_price(buyer, sell):
    answer = buyer.put_in(sell(title="Moon vase", price=6400), 2)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")
    page = bag(buyer)
    assert "Moon vase" in page
    assert "€128.00" in page


def test_htmx_gets_the_badge_and_a_sentence(client, sell):
    fields = {"variant_id": str(sell()), "quantity": 3}

    answer = client.post_form("/cart/lines", fields, htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="bag-badge"' in answer.text
    assert ">3<" in answer.text
    assert "toast" in answer.headers["HX-Trigger"]


def test_the_same_thing_twice_is_one_line(buyer, sell):
    variant = sell(price=1000)

    buyer.put_in(variant, 2)
    buyer.put_in(variant, 3)

    assert bag(buyer).count('class="cart-line"') == 1
    assert "€50.00" in bag(buyer)


def test_the_cookie_is_random_and_the_row_knows_its_hash_only(buyer, sell, at_shop, client, shop):
    buyer.put_in(sell())

    token = client.get_cookie("cart", domain=shop.host).value
    stored = at_shop(lambda: db.session.query(Cart.token_hash).scalar())
    assert len(token) >= 40
    assert token not in stored
    assert stored == queries.hash_of(token)


def test_two_browsers_have_two_bags(buyer, sell, shop):
    buyer.put_in(sell())

    assert "Your bag is empty" in shop.browser().get("/cart").text


def test_a_bag_of_one_shop_is_not_there_in_another(buyer, sell, other_shop, client, shop):
    buyer.put_in(sell())
    foreign = other_shop.browser()
    foreign.set_cookie("cart", client.get_cookie("cart", domain=shop.host).value, domain=other_shop.host)

    assert "Your bag is empty" in foreign.get("/cart").text


@pytest.mark.parametrize(("quantity", "expected"), [(5, "€100.00"), (1, "€20.00")])
def test_a_quantity_is_changed(buyer, sell, quantity, expected):
    variant = sell(price=2000)
    buyer.put_in(variant, 2)

    answer = buyer.browser.post_form("/cart/update", {"variant_id": str(variant), "quantity": quantity})

    assert answer.status_code == 303
    assert expected in bag(buyer)


def test_htmx_gets_the_changed_bag_with_the_badge(buyer, sell):
    variant = sell(price=2000)
    buyer.put_in(variant, 2)

    answer = buyer.browser.post_form("/cart/update", {"variant_id": str(variant), "quantity": 4}, htmx=True)

    assert "€80.00" in answer.text
    assert 'id="bag-badge"' in answer.text
    assert "<html" not in answer.text


def test_quantity_zero_and_remove_both_take_it_out(buyer, sell):
    first, second = sell(), sell()
    buyer.put_in(first)
    buyer.put_in(second)

    buyer.browser.post_form("/cart/update", {"variant_id": str(first), "quantity": 0})
    buyer.browser.post_form("/cart/remove", {"variant_id": str(second)})

    assert "Your bag is empty" in bag(buyer)


@pytest.mark.parametrize("quantity", ["", "-1", "0", "100", "1.5", "many", "999999999999999999999"])
def test_nonsense_quantities_get_a_sentence_and_put_nothing_in(client, sell, quantity):
    answer = client.post_form("/cart/lines", {"variant_id": str(sell()), "quantity": quantity})

    assert answer.status_code in ({303} if quantity == "" else {422})
    assert quantity == "" or "Your bag is empty" in client.get("/cart").text


def test_a_price_that_a_client_sends_is_refused_as_unknown(client, sell):
    answer = client.post_form("/cart/lines", {"variant_id": str(sell()), "quantity": 1, "price": 1})

    assert answer.status_code == 422


def test_unknown_withdrawn_and_foreign_products_are_not_there(client, sell, other_shop, at_shop):
    withdrawn = sell()
    withdraw(at_shop, withdrawn)
    foreign = sell(at=other_shop)

    for variant in (uuid.uuid4(), withdrawn, foreign):
        answer = client.post_form("/cart/lines", {"variant_id": str(variant), "quantity": 1})
        assert answer.status_code == 404
    assert "Your bag is empty" in client.get("/cart").text


def test_more_than_there_is_cannot_be_put_in(buyer, sell):
    variant = sell(title="Moon vase", on_hand=3)

    answer = buyer.put_in(variant, 4)

    assert answer.status_code == 409
    assert "Only 3 of Moon vase left" in answer.text
    assert "Your bag is empty" in bag(buyer)


def test_a_sold_out_product_cannot_be_put_in(buyer, sell):
    answer = buyer.put_in(sell(title="Moon vase", on_hand=0))

    assert answer.status_code == 409
    assert "Moon vase is sold out" in answer.text


def test_products_that_sell_on_have_no_limit(buyer, sell):
    assert buyer.put_in(sell(on_hand=0, continue_selling=True), 50).status_code == 303
    assert buyer.put_in(sell(on_hand=0, tracks_stock=False), 50).status_code == 303


def test_a_price_that_moved_is_said_and_the_new_one_counts(buyer, sell, at_shop):
    variant = sell(price=2000)
    buyer.put_in(variant)

    change(at_shop, variant, price=2500)

    page = bag(buyer)
    assert "changed from €20.00 to €25.00" in page
    assert "€25.00 each" in page


def test_what_sold_out_meanwhile_is_said_and_stops_the_checkout(buyer, sell, at_shop):
    variant = sell(title="Moon vase", on_hand=5)
    buyer.put_in(variant, 4)

    change(at_shop, variant, on_hand=2)
    assert "Only 2 of Moon vase left" in bag(buyer)
    change(at_shop, variant, on_hand=0)
    assert "Moon vase is sold out" in bag(buyer)
    assert 'href="/checkout"' not in bag(buyer)


def test_a_vanished_product_keeps_its_name_and_says_what_to_do(buyer, sell, at_shop):
    variant = sell(title="Moon vase")
    buyer.put_in(variant)

    at_shop(lambda: db.session.execute(delete(Variant).where(Variant.id == variant)))

    assert "Moon vase is no longer sold here" in bag(buyer)
    buyer.browser.post_form("/cart/remove", {"variant_id": str(variant)})
    assert "Your bag is empty" in bag(buyer)


def test_a_withdrawn_product_says_what_to_do(buyer, sell, at_shop):
    variant = sell(title="Moon vase")
    buyer.put_in(variant)

    withdraw(at_shop, variant)

    assert "Moon vase is no longer sold here" in bag(buyer)


def test_the_badge_counts_pieces_on_every_page(buyer, sell):
    buyer.put_in(sell(), 2)
    buyer.put_in(sell(), 1)

    assert "Bag, 3 items" in buyer.browser.get("/cart").text


def test_the_bag_survives_signing_in(buyer, sell, make_customer, shop):
    make_customer(email="ines@example.com")
    buyer.put_in(sell(title="Moon vase"))

    answer = buyer.browser.post_form(
        "/account/sign-in", {"email": "ines@example.com", "password": "a long enough phrase"}
    )

    assert answer.status_code == 303
    assert "Moon vase" in bag(buyer)


def test_forms_without_their_token_are_refused(client, sell):
    answer = client.post("/cart/lines", data={"variant_id": str(sell()), "quantity": 1})

    assert answer.status_code == 403


def test_changing_what_is_not_in_the_bag_is_not_there(buyer, sell):
    buyer.put_in(sell())

    answer = buyer.browser.post_form("/cart/update", {"variant_id": str(uuid.uuid4()), "quantity": 1})

    assert answer.status_code == 404


def test_a_forgotten_cart_is_deleted_and_others_stay(buyer, sell, at_shop, shop):
    old = Buyer(shop.browser())
    variant = sell()
    old.put_in(variant)
    with clock.frozen(clock.now() + timedelta(days=61)):
        buyer.put_in(variant)
        at_shop(jobs.forget_carts_of_shop)

    assert "Your bag is empty" in bag(old)
    assert at_shop(lambda: db.session.query(Cart).count()) == 1
