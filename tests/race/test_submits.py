"""50 times the same button."""

from __future__ import annotations

from functools import partial

import pytest

from tests.race import books
from tests.race.conftest import all_at_once, path_of

pytestmark = pytest.mark.race
TIMES = 50


def hammer(live, shop, goods):
    """One bag, one form, sent over fifty connections at once; buyer and answers."""
    handle, variant = goods(on_hand=100)
    buyer = live.buyer(shop)
    form = buyer.fill(handle, variant)
    twins = [buyer.twin() for _ in range(TIMES)]
    return buyer, variant, all_at_once([partial(twin.post, "/checkout", form) for twin in twins])


def test_fifty_submits_are_one_order_one_payment_and_one_session_at_the_bank(live, shop, goods, at_shop):
    live.start_web()

    buyer, variant, answers = hammer(live, shop, goods)

    assert {answer.status_code for answer in answers} == {303}
    assert len({path_of(answer) for answer in answers}) == 1
    assert at_shop(lambda: (books.orders(), books.payments(), books.sessions())) == (1, 1, 1)
    assert at_shop(lambda: books.on_hand(variant)) == 99
    assert buyer.pay(answers[0]).status_code == 303
    assert at_shop(lambda: (books.paid_orders(), books.charged(), books.captures())) == (1, 1, 1)


def test_without_lock_and_unique_attempt_the_same_submits_order_many_times(live, shop, goods, at_shop):
    live.start_web(weakness="submit")

    hammer(live, shop, goods)

    assert at_shop(books.orders) > 1, "the harness would not have seen a doubled order"
