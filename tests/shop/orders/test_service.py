"""Placing, paying, sending, cancelling and refunding orders."""

import uuid

import pytest

from app.core import db
from app.shop.catalog.errors import OutOfStock
from app.shop.orders import queries, service
from app.shop.orders.errors import (
    AlreadyPaid,
    NothingToFulfil,
    NothingToRefund,
    OrderAlreadyShipped,
    OrderNotOpen,
    TooManyFulfilled,
    TotalsDoNotAddUp,
)
from app.shop.orders.schemas import Fulfil, FulfilLine, OrderFilter
from tests.factories.orders import SYSTEM, new_order, pay, stocked_variant


def test_an_order_holds_its_goods_and_its_number(in_shop, published):
    variant = stocked_variant(on_hand=10)

    order = service.place(new_order(variant, quantity=3))

    db.session.refresh(variant)
    assert (order.number, order.status, order.payment_status) == ("1001", "pending", "pending")
    assert variant.on_hand == 7
    assert order.lines[0].product_title == "Stoneware mug"
    assert order.lines[0].variant_title == ""
    assert "orders.order_received" in published()


def test_numbers_follow_one_another_without_gaps(in_shop):
    variant = stocked_variant(on_hand=10)
    twice = new_order(variant)

    numbers = [service.place(new).number for new in (twice, twice, new_order(variant))]

    assert numbers == ["1001", "1001", "1002"]


def test_a_cart_becomes_one_order_however_often_it_is_placed(in_shop):
    variant = stocked_variant(on_hand=10)
    new = new_order(variant, quantity=2)

    first, second = service.place(new), service.place(new)

    db.session.refresh(variant)
    assert first.id == second.id
    assert variant.on_hand == 8


def test_an_order_for_more_than_there_is_sells_nothing(app, shop):
    with app.app_context(), shop.entered():
        variant = stocked_variant(on_hand=1)
        variant_id = variant.id
    with app.app_context(), pytest.raises(OutOfStock), shop.entered():
        service.place(new_order(variant, quantity=2))

    with app.app_context(), shop.entered():
        assert db.session.get(type(variant), (shop.id, variant_id)).on_hand == 1
        assert not queries.has_any()


@pytest.mark.parametrize("wrong", [{"total": 1}, {"subtotal": 1}, {"lines": ()}, {"shipping": -500, "total": 4300}])
def test_amounts_that_do_not_add_up_are_refused(in_shop, wrong):
    variant = stocked_variant()

    with pytest.raises(TotalsDoNotAddUp):
        service.place(new_order(variant, **wrong))

    assert not queries.has_any()


def test_tax_on_top_is_part_of_the_total(in_shop):
    variant = stocked_variant(price=1000)

    order = service.place(new_order(variant, quantity=1, shipping=0, tax=230, total=1230, prices_include_tax=False))

    assert order.total == 1230


def test_a_full_payment_confirms_the_order_once(in_shop, published):
    order = service.place(new_order(stocked_variant()))
    payment_id = uuid.uuid4()

    for _ in range(3):
        service.record_payment(order.id, payment_id, order.total, "EUR")

    assert (order.status, order.payment_status, order.paid) == ("placed", "paid", order.total)
    assert published().count("orders.order_placed") == 1
    assert published().count("orders.order_paid") == 1


@pytest.mark.parametrize(("amount", "currency"), [(1, "EUR"), (99_999, "EUR"), (5300, "USD")])
def test_money_that_does_not_fit_is_held_for_a_person(in_shop, published, amount, currency):
    order = service.place(new_order(stocked_variant()))

    for _ in range(2):
        service.record_payment(order.id, uuid.UUID(int=7), amount, currency)

    assert order.status == "pending"
    assert order.attention
    assert "orders.order_placed" not in published()


def test_a_bank_transfer_order_is_confirmed_before_the_money_comes(in_shop, published):
    order = service.place(new_order(stocked_variant()))

    service.mark_awaiting_payment(order.id)
    service.mark_awaiting_payment(order.id)

    assert (order.status, order.payment_status) == ("placed", "unpaid")
    assert published().count("orders.order_placed") == 1


def test_a_failed_payment_keeps_the_goods_for_another_attempt(in_shop):
    variant = stocked_variant(on_hand=5)
    order = service.place(new_order(variant, quantity=2))

    service.payment_failed(order.id, "The bank said no.")

    db.session.refresh(variant)
    assert (order.status, order.payment_status, variant.on_hand) == ("pending", "failed", 3)


def test_an_order_that_is_given_up_puts_its_goods_back_once(in_shop, published):
    variant = stocked_variant(on_hand=5)
    order = service.place(new_order(variant, quantity=2))

    service.give_up(order.id)
    service.give_up(order.id)

    db.session.refresh(variant)
    assert (order.status, variant.on_hand) == ("cancelled", 5)
    assert published().count("orders.order_cancelled") == 1


def test_a_paid_order_is_never_given_up(in_shop):
    order = service.place(new_order(stocked_variant()))
    pay(order)

    service.give_up(order.id)

    assert order.status == "placed"


def test_money_for_a_given_up_order_revives_it_while_the_goods_are_there(in_shop):
    variant = stocked_variant(on_hand=2)
    order = service.place(new_order(variant, quantity=2))
    service.give_up(order.id)

    pay(order)

    db.session.refresh(variant)
    assert (order.status, order.payment_status, variant.on_hand, order.attention) == ("placed", "paid", 0, "")


def test_money_for_a_given_up_order_without_goods_asks_for_a_person(in_shop, published):
    variant = stocked_variant(on_hand=2)
    order = service.place(new_order(variant, quantity=2))
    service.give_up(order.id)
    service.place(new_order(variant, quantity=2))

    pay(order)

    assert (order.status, order.payment_status) == ("cancelled", "paid")
    assert "gone" in order.attention
    assert "orders.order_placed" not in published()


def test_sending_everything_completes_a_paid_order(in_shop, published):
    order = service.place(new_order(stocked_variant()))
    pay(order)

    service.fulfil(order.number, Fulfil(carrier="An Post", tracking_number="RR123"), by=SYSTEM)

    assert (order.status, order.fulfilment_status) == ("completed", "fulfilled")
    assert order.fulfilments[0].contents[0]["quantity"] == 2
    assert "orders.order_shipped" in published()


def test_a_part_can_be_sent_first(in_shop):
    order = service.place(new_order(stocked_variant(), quantity=3))
    pay(order)
    line = order.lines[0]

    service.fulfil(order.number, Fulfil(lines=[FulfilLine(line.id, 1)]), by=SYSTEM)

    assert (order.status, order.fulfilment_status, line.remaining) == ("placed", "partly_fulfilled", 2)
    service.fulfil(order.number, Fulfil(), by=SYSTEM)
    assert (order.status, order.fulfilment_status, line.remaining) == ("completed", "fulfilled", 0)


def test_more_than_is_left_cannot_be_sent(in_shop):
    order = service.place(new_order(stocked_variant(), quantity=2))
    pay(order)

    with pytest.raises(TooManyFulfilled):
        service.fulfil(order.number, Fulfil(lines=[FulfilLine(order.lines[0].id, 3)]), by=SYSTEM)
    with pytest.raises(NothingToFulfil):
        service.fulfil(order.number, Fulfil(lines=[FulfilLine(order.lines[0].id, 0)]), by=SYSTEM)

    assert order.fulfilment_status == "unfulfilled"


def test_an_order_that_is_not_confirmed_cannot_be_sent(in_shop):
    order = service.place(new_order(stocked_variant()))

    with pytest.raises(OrderNotOpen):
        service.fulfil(order.number, Fulfil(), by=SYSTEM)

    assert order.fulfilments == []


def test_several_orders_are_sent_at_once_and_the_rest_is_left_alone(in_shop):
    variant = stocked_variant(on_hand=20)
    orders = [service.place(new_order(variant)) for _ in range(3)]
    pay(orders[0])
    pay(orders[2])

    numbers = [order.number for order in orders]
    done = service.bulk.start("fulfil", [*numbers, "9999"], OrderFilter(), by=SYSTEM)

    assert (done.state, done.done, done.refused) == ("done", 2, 1)
    rows = queries.bulk_rows(done.id, "", only_problems=False).rows
    assert [(row.number, bool(row.problem)) for row in rows] == [("1001", False), ("1002", True), ("1003", False)]
    assert orders[1].fulfilment_status == "unfulfilled"


def test_a_cancelled_order_can_put_its_goods_back(in_shop, published):
    variant = stocked_variant(on_hand=5)
    order = service.place(new_order(variant, quantity=2))
    pay(order)

    service.cancel(order.number, reason="changed mind", restock=True, by=SYSTEM)

    db.session.refresh(variant)
    assert (order.status, variant.on_hand) == ("cancelled", 5)
    assert "orders.order_cancelled" in published()


def test_a_cancelled_order_can_keep_its_goods_off_the_shelf(in_shop):
    variant = stocked_variant(on_hand=5)
    order = service.place(new_order(variant, quantity=2))

    service.cancel(order.number, reason="broken", restock=False, by=SYSTEM)

    db.session.refresh(variant)
    assert variant.on_hand == 3


def test_a_shipped_order_cannot_be_cancelled(in_shop, published):
    order = service.place(new_order(stocked_variant(), quantity=2))
    pay(order)
    service.fulfil(order.number, Fulfil(lines=[FulfilLine(order.lines[0].id, 1)]), by=SYSTEM)

    with pytest.raises(OrderAlreadyShipped):
        service.cancel(order.number, reason="changed mind", restock=True, by=SYSTEM)

    assert order.status == "placed"
    assert "orders.order_cancelled" not in published()


def test_a_refund_without_captured_money_is_refused(in_shop):
    order = service.place(new_order(stocked_variant()))

    with pytest.raises(NothingToRefund):
        service.refund(order.number, 100, key="k", by=SYSTEM)

    assert order.refunded == 0


def test_a_refund_is_counted_once(in_shop, published):
    order = service.place(new_order(stocked_variant()))
    pay(order)
    refund_id = uuid.uuid4()

    for _ in range(2):
        service.record_refund(order.id, refund_id, 1000, "EUR")

    assert (order.refunded, order.payment_status) == (1000, "partially_refunded")
    assert published().count("orders.order_refunded") == 1
    service.record_refund(order.id, uuid.uuid4(), order.refundable, "EUR")
    assert order.payment_status == "refunded"


def test_a_doubled_payment_that_went_back_changes_no_sums(in_shop, published):
    order = service.place(new_order(stocked_variant()))
    pay(order)

    service.record_refund(order.id, uuid.uuid4(), order.total, "EUR", because="double")

    assert (order.refunded, order.payment_status) == (0, "paid")
    assert "orders.order_refunded" not in published()


def test_only_an_unpaid_confirmed_order_is_marked_as_paid(in_shop):
    order = service.place(new_order(stocked_variant()))

    with pytest.raises(AlreadyPaid):
        service.mark_paid(order.number, by=SYSTEM)

    assert order.paid == 0


def test_every_step_is_on_the_timeline(in_shop):
    order = service.place(new_order(stocked_variant()))
    pay(order)
    service.add_note(order.number, "Wrap it nicely.", by=SYSTEM)
    service.fulfil(order.number, Fulfil(), by=SYSTEM)
    db.flush()

    kinds = {entry.kind for entry in queries.timeline(order.id)}

    assert kinds == {"received", "payment", "placed", "note", "fulfilment"}


def test_a_guest_is_remembered_by_the_order(in_shop):
    first = service.place(new_order(stocked_variant()))
    second = service.place(new_order(stocked_variant(), email="INES@example.com"))

    assert first.customer_id == second.customer_id
    assert queries.spending([first.customer_id]) == {}
    pay(first)
    assert queries.spending([first.customer_id])[first.customer_id].orders == 1
