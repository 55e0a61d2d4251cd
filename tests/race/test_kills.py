"""kill -9 of web and worker between payment and order: charged means exactly one order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.race import books
from tests.race.conftest import path_of, wait_until

pytestmark = pytest.mark.race


def totals(at_shop):
    return at_shop(lambda: (books.orders(), books.paid_orders(), books.charged(), books.captures()))


def in_vain(act):
    """Do something that a killed server never answers."""
    with pytest.raises(httpx.HTTPError):
        act()


def test_killed_before_the_gateway_heard_of_it_the_same_button_goes_on_with_the_same_order(live, shop, goods, at_shop):
    handle, variant = goods(on_hand=5)
    live.start_web(stop_at="before_the_gateway")
    buyer = live.buyer(shop)
    form = buyer.fill(handle, variant)
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(in_vain, lambda: buyer.post("/checkout", form))
        live.wait_for_the_moment()
        live.kill()
        lost.result()
    assert totals(at_shop) == (1, 0, 0, 0)

    live.start_web()
    placed = buyer.post("/checkout", form)
    assert buyer.pay(placed).status_code == 303

    assert totals(at_shop) == (1, 1, 1, 1)
    assert at_shop(lambda: books.on_hand(variant)) == 4


def test_killed_after_the_bank_took_the_money_the_worker_finishes_the_order(live, shop, goods, at_shop):
    handle, variant = goods(on_hand=5)
    live.start_web()
    buyer = live.buyer(shop)
    placed = buyer.post("/checkout", buyer.fill(handle, variant))
    back = path_of(buyer.choose(path_of(placed), "approve"))
    live.kill()
    assert totals(at_shop) == (1, 0, 1, 0)

    live.start_worker()
    wait_until(lambda: at_shop(books.paid_orders) == 1, "the worker finishing the order")

    live.start_web()
    assert buyer.http.get(back).status_code == 303
    assert totals(at_shop) == (1, 1, 1, 1)
    assert at_shop(lambda: books.on_hand(variant)) == 4


def kill_between_payment_and_order(live, shop, goods):
    """The web process commits the capture and dies before it tells the order; buyer, variant and the way back."""
    handle, variant = goods(on_hand=5)
    live.start_web(stop_at="before_the_order_is_paid")
    buyer = live.buyer(shop)
    placed = buyer.post("/checkout", buyer.fill(handle, variant))
    back = path_of(buyer.choose(path_of(placed), "approve"))
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(in_vain, lambda: buyer.http.get(back))
        live.wait_for_the_moment()
        live.kill()
        lost.result()
    return buyer, variant, back


def test_killed_between_payment_and_order_the_buyer_finds_exactly_one_paid_order(live, shop, goods, at_shop):
    buyer, variant, back = kill_between_payment_and_order(live, shop, goods)
    assert totals(at_shop) == (1, 0, 1, 1)

    live.start_web()
    live.start_worker()
    assert buyer.http.get(back).status_code == 303
    wait_until(lambda: at_shop(books.unrelayed) == 0, "the relay")

    assert totals(at_shop) == (1, 1, 1, 1)
    assert at_shop(lambda: books.facts("orders.order_placed")) == 1
    assert at_shop(lambda: books.on_hand(variant)) == 4


def test_killed_between_payment_and_order_the_worker_alone_makes_it_right(live, shop, goods, at_shop):
    kill_between_payment_and_order(live, shop, goods)
    assert totals(at_shop) == (1, 0, 1, 1)

    live.start_worker()
    wait_until(lambda: at_shop(books.paid_orders) == 1, "the worker telling the order")

    assert totals(at_shop) == (1, 1, 1, 1)


def test_a_worker_killed_in_the_middle_of_telling_the_order_loses_nothing(live, shop, goods, at_shop):
    live.start_web()
    handle, variant = goods(on_hand=5)
    buyer = live.buyer(shop)
    placed = buyer.post("/checkout", buyer.fill(handle, variant))
    back = path_of(buyer.choose(path_of(placed), "approve"))
    live.start_worker(stop_at="before_the_order_is_paid")
    live.wait_for_the_moment()
    live.kill()
    # Booked, when the reaction was on its way; not yet, when the sweep of that minute got there first.
    assert totals(at_shop)[:3] == (1, 0, 1)

    live.start_web()
    assert buyer.http.get(back).status_code == 303

    assert totals(at_shop) == (1, 1, 1, 1)


def test_without_reactions_to_money_the_same_kill_leaves_money_without_an_order(live, shop, goods, at_shop):
    kill_between_payment_and_order(live, shop, goods)

    live.start_worker(weakness="reactions")
    wait_until(lambda: at_shop(books.unrelayed) == 0, "the relay")

    assert totals(at_shop) == (1, 0, 1, 1), "the harness would not have seen money without an order"
