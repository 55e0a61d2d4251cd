"""50 times the same news from the bank, and the buyer coming back in the middle of it."""

from __future__ import annotations

import json
from functools import partial

import pytest
from sqlalchemy import select

from app.bundled.testpay.gateway import sign_body
from app.core import db
from app.shop.payments import queries
from app.shop.payments.models import Payment
from tests.race import books
from tests.race.conftest import all_at_once, path_of, wait_until

pytestmark = pytest.mark.race
TIMES = 50


def signed_news(event_id):
    """A callback about the shop's only payment."""
    payment = db.session.scalars(select(Payment)).one()
    told = {"id": event_id, "reference": payment.reference, "status": "captured", "amount": payment.amount}
    body = json.dumps(told | {"currency": payment.currency}).encode()
    return sign_body(body, queries.account_of("testpay").secret)


def storm(live, shop, goods, at_shop):
    """One order; half of the callbacks are one event repeated, half are events of their own, and the buyer returns."""
    handle, variant = goods()
    buyer = live.buyer(shop)
    placed = buyer.post("/checkout", buyer.fill(handle, variant))
    back = path_of(buyer.choose(path_of(placed), "approve"))
    news = at_shop(lambda: [signed_news("same" if number % 2 else f"own-{number}") for number in range(TIMES)])
    senders = [live.buyer(shop) for _ in range(TIMES)]
    posts = [
        partial(sender.http.post, "/payments/testpay/callback", content=one.body, headers=dict(one.headers))
        for sender, one in zip(senders, news, strict=True)
    ]
    returns = [partial(buyer.twin().http.get, back) for _ in range(5)]
    return all_at_once(posts + returns)


def test_fifty_callbacks_and_five_returns_are_one_capture_and_one_paid_order(live, shop, goods, at_shop):
    live.start_web()
    live.start_worker()

    answers = storm(live, shop, goods, at_shop)

    assert {answer.status_code for answer in answers} <= {200, 303}
    wait_until(lambda: at_shop(books.unrelayed) == 0, "the relay")
    assert at_shop(lambda: (books.orders(), books.paid_orders(), books.captures())) == (1, 1, 1)
    assert at_shop(lambda: books.facts("payments.payment_captured")) == 1
    assert at_shop(lambda: books.facts("orders.order_placed")) == 1


def test_without_lock_and_unique_keys_the_same_callbacks_book_the_money_many_times(live, shop, goods, at_shop):
    live.start_web(weakness="callback")

    storm(live, shop, goods, at_shop)

    assert at_shop(books.captures) > 1, "the harness would not have seen money booked twice"
