"""64 buyers want the last 10 pieces."""

from __future__ import annotations

from functools import partial

import pytest

from tests.race import books
from tests.race.conftest import all_at_once

pytestmark = pytest.mark.race
BUYERS, PIECES = 64, 10


def rush(live, shop, goods):
    """Everybody fills a bag in peace and presses the button at the same moment; the answers."""
    handle, variant = goods(on_hand=PIECES)
    buyers = [live.buyer(shop) for _ in range(BUYERS)]
    forms = [one.fill(handle, variant) | {"email": f"buyer-{n}@example.com"} for n, one in enumerate(buyers)]
    answers = all_at_once([partial(one.post, "/checkout", form) for one, form in zip(buyers, forms, strict=True)])
    return variant, buyers, answers


def test_ten_pieces_go_to_ten_buyers_and_the_others_are_told(live, shop, goods, at_shop):
    live.start_web()

    variant, buyers, answers = rush(live, shop, goods)

    won = [(buyer, answer) for buyer, answer in zip(buyers, answers, strict=True) if answer.status_code == 303]
    lost = [answer for answer in answers if answer.status_code != 303]
    assert len(won) == PIECES
    assert {answer.status_code for answer in lost} == {409}
    assert all("is sold out" in answer.text or "left" in answer.text for answer in lost)
    assert at_shop(lambda: books.on_hand(variant)) == 0
    for buyer, answer in won:
        assert buyer.pay(answer).status_code == 303
    assert at_shop(lambda: (books.orders(), books.paid_orders(), books.captures())) == (PIECES, PIECES, PIECES)


def test_without_the_conditional_update_the_same_rush_sells_more_than_there_is(live, shop, goods, at_shop):
    live.start_web(weakness="stock")

    _, _, answers = rush(live, shop, goods)

    sold = sum(answer.status_code == 303 for answer in answers)
    assert sold > PIECES, "the harness would not have seen an oversale"
    assert at_shop(books.orders) == sold
