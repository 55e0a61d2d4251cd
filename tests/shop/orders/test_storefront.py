"""Orders as their buyers see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock, links
from app.shop.orders import queries


def link_to(app, shop, order):
    with app.app_context(), shop.entered():
        return queries.status_path(queries.by_id(order.id))


def test_the_signed_link_shows_the_order_without_an_account(client, app, shop, make_order):
    order = make_order("paid")

    page = client.get(link_to(app, shop, order))

    assert page.status_code == 200
    for text in (order.number, "Stoneware mug", "€53.00", "12 Fade Street", "Being prepared"):
        assert text in page.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "Waiting for payment"),
        ("awaiting", "Please transfer €53.00 with the reference"),
        ("shipped", "On its way"),
        ("cancelled", "This order was cancelled"),
        ("given_up", "This order was cancelled"),
    ],
)
def test_the_page_says_where_the_order_stands(client, app, shop, make_order, state, said):
    order = make_order(state)

    assert said in client.get(link_to(app, shop, order)).text


def test_a_link_opens_its_own_order_only(client, app, shop, make_order):
    mine, theirs = make_order("paid"), make_order("paid")
    token = link_to(app, shop, mine).rpartition("/")[2]

    for path in (
        f"/orders/{theirs.number}/{token}",
        f"/orders/{mine.number}/{token[:-2]}xx",
        f"/orders/{mine.number}/x",
    ):
        assert client.get(path).status_code == 404


def test_a_link_of_another_shop_opens_nothing(app, shop, other_shop, make_order):
    order = make_order("paid")
    make_order("paid", at=other_shop)

    assert other_shop.browser().get(link_to(app, shop, order)).status_code == 404


def test_a_link_ends_after_ninety_days(client, app, shop, make_order):
    order = make_order("paid")
    path = link_to(app, shop, order)
    now = clock.now()

    with clock.frozen(now + timedelta(days=89)):
        assert client.get(path).status_code == 200
    with clock.frozen(now + timedelta(days=91)):
        assert client.get(path).status_code == 404


def test_a_token_for_something_else_is_no_order_link(client, app, shop, make_order):
    order = make_order("paid")
    with app.app_context(), shop.entered():
        token = links.sign("customers.password", {"order": str(order.id)}, 60)

    assert client.get(f"/orders/{order.number}/{token}").status_code == 404


def test_whoever_lost_the_mail_gets_the_link_again(client, make_order, run_jobs, outbox):
    order = make_order("paid")
    run_jobs()
    before = len(outbox)

    answer = client.post_form("/orders/track", {"number": f"#{order.number}", "email": "INES@example.com"})
    run_jobs()

    assert answer.status_code == 303
    assert len(outbox) == before + 1
    path = re.search(r"http://[^/]+(/orders/\d+/\S+)", outbox[-1].text)[1]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "fields", [{"number": "1001", "email": "eve@example.com"}, {"number": "9999", "email": "ines@example.com"}]
)
def test_a_wrong_pair_gets_the_same_answer_and_no_mail(client, make_order, run_jobs, outbox, fields):
    make_order("paid")
    run_jobs()
    before = len(outbox)
    right = client.post_form("/orders/track", {"number": "9998", "email": "x@example.com"})

    answer = client.post_form("/orders/track", fields)
    run_jobs()

    assert (answer.status_code, answer.headers["Location"]) == (right.status_code, right.headers["Location"])
    assert len(outbox) == before


def test_looking_up_orders_has_a_limit(client, make_order, run_jobs, outbox):
    make_order("paid")
    answers = [client.post_form("/orders/track", {"number": "1001", "email": "ines@example.com"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "wait" in answers[-1].text


@pytest.mark.parametrize("fields", [{}, {"number": "", "email": ""}, {"number": "x" * 30, "email": "a@b.ie"}])
def test_an_incomplete_look_up_gets_a_sentence(client, fields):
    answer = client.post_form("/orders/track", fields)

    assert answer.status_code == 422
    assert "field-error" in answer.text


@pytest.mark.parametrize("path", ["/account/orders", "/account/orders/1001"])
def test_the_accounts_orders_need_a_sign_in(client, make_order, path):
    make_order("paid")

    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/account/sign-in?next=")


def test_an_account_lists_its_orders_and_no_others(app, shop, make_customer, sign_in_shopper, make_order):
    me = make_customer(email="ines@example.com")
    mine = make_order("paid", customer_id=me.id)
    given_up = make_order("given_up", customer_id=me.id)
    theirs = make_order("paid", email="tom@example.com")
    browser = sign_in_shopper(me)

    listed = browser.get("/account/orders").text

    assert f"/account/orders/{mine.number}" in listed
    assert f"/account/orders/{theirs.number}" not in listed
    assert f"/account/orders/{given_up.number}" not in listed
    assert browser.get(f"/account/orders/{mine.number}").status_code == 200
    assert browser.get(f"/account/orders/{theirs.number}").status_code == 404
    assert browser.get("/account/orders/9999").status_code == 404


def test_another_shops_session_sees_no_orders(shop, other_shop, make_customer, make_order, sign_in_shopper):
    me = make_customer(email="ines@example.com", at=other_shop)
    make_order("paid")
    browser = sign_in_shopper(me, at=other_shop)

    assert browser.get("/account/orders/1001").status_code == 404


def test_guest_orders_join_the_account_once_the_address_is_proved(client, make_order, run_jobs, outbox):
    order = make_order("paid", email="ines@example.com")
    run_jobs()
    client.post_form("/account/sign-up", {"name": "Ines", "email": "ines@example.com"})
    assert client.get("/account/orders").status_code == 303
    run_jobs()
    path = re.search(r"http://[^/]+(/account/password/\S+)", outbox.to("ines@example.com")[-1].text)[1]

    answer = client.post_form(path, {"password": "a long enough phrase"})

    assert answer.status_code == 303
    assert order.number in client.get("/account/orders").text
