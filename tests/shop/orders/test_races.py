"""Many at once, each in a thread and a transaction of its own."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from app.core import db
from app.shop.catalog.errors import OutOfStock
from app.shop.orders import queries, service
from tests.factories.orders import new_order, stocked_variant

THREADS = 8


def at_once(app, shop, tasks):
    """Run every task in the shop at the same time; gives what each returned, or its refusal."""

    def run(task):
        try:
            with app.app_context(), shop.entered():
                return task()
        except OutOfStock as refusal:
            return refusal

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, tasks))


def on_hand(app, shop, variant):
    with app.app_context(), shop.entered():
        return db.session.get(type(variant), (shop.id, variant.id)).on_hand


def test_a_doubled_submit_places_one_order(app, shop):
    with app.app_context(), shop.entered():
        variant = stocked_variant(on_hand=10)
    new = new_order(variant, quantity=1)

    numbers = at_once(app, shop, [lambda: service.place(new).number] * 16)

    assert set(numbers) == {"1001"}
    assert on_hand(app, shop, variant) == 9


def test_no_more_is_sold_than_there_is_and_no_number_is_lost(app, shop):
    with app.app_context(), shop.entered():
        variant = stocked_variant(on_hand=5)
    carts = [new_order(variant, quantity=1, email=f"buyer{i}@example.com") for i in range(12)]

    placed = at_once(app, shop, [lambda new=new: service.place(new).number for new in carts])

    sold = sorted(number for number in placed if not isinstance(number, OutOfStock))
    assert sold == ["1001", "1002", "1003", "1004", "1005"]
    assert on_hand(app, shop, variant) == 0


def test_a_payment_that_is_told_many_times_is_counted_once(app, shop, make_order):
    order = make_order("pending")
    payment_id = uuid.uuid4()

    at_once(
        app, shop, [lambda: service.record_payment(order.id, payment_id, order.total, "EUR") and None] * 16
    )  # fmt: skip

    with app.app_context(), shop.entered():
        now = queries.by_id(order.id)
        confirmed = [entry for entry in queries.timeline(order.id) if entry.kind == "placed"]
        assert (now.paid, now.status, len(confirmed)) == (order.total, "placed", 1)


def test_a_payment_and_giving_up_at_once_leave_one_truth(app, shop, make_order, stock_of):
    order = make_order("pending")

    at_once(
        app,
        shop,
        [
            lambda: service.give_up(order.id) and None,
            lambda: service.record_payment(order.id, uuid.uuid4(), order.total, "EUR") and None,
        ],
    )

    with app.app_context(), shop.entered():
        assert (queries.by_id(order.id).status, queries.by_id(order.id).payment_status) == ("placed", "paid")
    assert stock_of(order) == 8
