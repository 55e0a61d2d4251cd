"""One order or none, however often and from wherever the button is pressed."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.core import db
from app.core.access import system_actor
from app.shop.catalog.models import Variant
from app.shop.orders import service as orders
from app.shop.orders.models import Order
from app.shop.payments import service as payments
from app.shop.payments.models import Payment
from app.shop.pricing import service as pricing
from app.shop.pricing.schemas import Taxation
from app.shop.shipping import queries as delivery
from app.shop.shipping import service as shipping
from app.shop.shipping.schemas import DeliveryZone, NewRate
from tests.factories.checkout import Buyer, path_of

BY = system_actor("tests")


def count_orders(at_shop):
    return at_shop(lambda: db.session.scalar(select(func.count()).select_from(Order)))


def last_order(at_shop):
    return at_shop(lambda: db.session.scalars(select(Order).order_by(Order.id.desc())).first())


def stock(at_shop, variant):
    return at_shop(lambda: db.session.scalars(select(Variant.on_hand).where(Variant.id == variant)).one())


def change(at_shop, variant, **values):
    at_shop(lambda: db.session.execute(update(Variant).where(Variant.id == variant).values(**values)))


def test_the_same_button_pressed_again_is_the_same_order(buyer, sell, at_shop):
    variant = sell(on_hand=1)
    buyer.put_in(variant)
    form = buyer.form()

    answers = [buyer.browser.post_form("/checkout", form) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {303}
    assert len({path_of(answer) for answer in answers}) == 1
    assert (count_orders(at_shop), stock(at_shop, variant)) == (1, 0)


def test_pressing_the_button_after_paying_shows_the_paid_order(buyer, sell, at_shop):
    buyer.put_in(sell())
    form = buyer.form()
    buyer.pay(buyer.browser.post_form("/checkout", form))

    answer = buyer.browser.post_form("/checkout", form)

    assert answer.headers["Location"].startswith("/orders/")
    assert count_orders(at_shop) == 1


def test_going_back_and_changing_the_order_ends_the_first_attempt(buyer, sell, at_shop):
    variant = sell(on_hand=1)
    buyer.put_in(variant)
    first = buyer.place()

    second = buyer.place(name="Ines the Second")

    assert path_of(second) != path_of(first)
    states = at_shop(lambda: [(order.status) for order in db.session.scalars(select(Order).order_by(Order.id))])
    assert states == ["cancelled", "pending"]
    assert stock(at_shop, variant) == 0
    assert buyer.browser.post_form(path_of(first), {"choice": "approve"}).status_code == 409
    assert buyer.pay(second).headers["Location"].startswith("/orders/")


def test_an_order_that_was_paid_in_another_window_is_not_ordered_again(buyer, sell, at_shop):
    buyer.put_in(sell())
    form = buyer.form()
    placed = buyer.browser.post_form("/checkout", form)
    buyer.browser.post_form(path_of(placed), {"choice": "approve"})  # paid, but never came back

    answer = buyer.browser.post_form("/checkout", form | {"name": "Ines the Second"})

    assert answer.status_code in {303, 409}
    assert count_orders(at_shop) == 1


def test_a_begun_payment_can_be_gone_on_with(buyer, sell):
    buyer.put_in(sell())
    placed = buyer.place()

    assert path_of(placed) in buyer.browser.get("/checkout").text


def test_what_was_put_in_after_ordering_stays_in_the_bag(buyer, sell):
    bought, later = sell(title="Moon vase"), sell(title="Blue cup")
    buyer.put_in(bought)
    placed = buyer.place()
    buyer.put_in(later)

    buyer.pay(placed)

    page = buyer.browser.get("/cart").text
    assert "Blue cup" in page
    assert "Moon vase" not in page


def test_a_bank_transfer_is_ordered_at_once_and_waits_for_its_money(buyer, sell, at_shop):
    at_shop(lambda: payments.set_method("bank_transfer", enabled=True, instructions="IBAN IE29 AIBK", by=BY))
    buyer.put_in(sell())

    answer = buyer.place(payment="bank_transfer")

    assert answer.headers["Location"].startswith("/orders/")
    assert "IBAN IE29 AIBK" in buyer.browser.get(answer.headers["Location"]).text
    order = last_order(at_shop)
    assert (order.status, order.payment_status, order.paid) == ("placed", "unpaid", 0)
    assert "Your bag is empty" in buyer.browser.get("/cart").text


def test_a_doubled_bank_transfer_is_one_order(buyer, sell, at_shop):
    buyer.put_in(sell())
    form = buyer.form(payment="bank_transfer")

    answers = [buyer.browser.post_form("/checkout", form) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {303}
    assert count_orders(at_shop) == 1


def test_an_order_of_nothing_to_pay_needs_no_payment(buyer, sell, at_shop):
    free = NewRate("Pick-up", "flat", {"amount": 0, "free_from": None})
    at_shop(lambda: shipping.write_delivery([DeliveryZone("Home", ("IE",), (free,))], by=BY))
    buyer.put_in(sell(price=0))

    answer = buyer.place()

    assert answer.headers["Location"].startswith("/orders/")
    assert last_order(at_shop).status == "placed"
    assert at_shop(lambda: db.session.scalar(select(func.count()).select_from(Payment))) == 0


def test_the_order_keeps_the_taxes_and_names_it_was_placed_with(buyer, sell, at_shop):
    at_shop(lambda: pricing.set_tax_rate("FR", Taxation("TVA", 20_000), by=BY))
    buyer.put_in(sell(price=12_000))
    form = buyer.form(country="FR", delivery="")
    buyer.browser.post_form("/checkout/update", form)

    buyer.buy(country="FR")

    order = last_order(at_shop)
    assert order.tax_lines == [{"name": "TVA", "rate": "0.2", "amount": 2000 + 250}]
    assert (order.subtotal, order.shipping, order.tax, order.total) == (12_000, 1500, 2250, 13_500)
    assert order.shipping_name == "International delivery"


@pytest.mark.parametrize(("country", "currency", "price", "total"), [("JP", "JPY", 1999, 2499)])
def test_yen_are_ordered_without_decimals(open_shop, sell, app, country, currency, price, total):
    shop = open_shop(country=country, currency=currency)
    buyer = Buyer(shop.browser())
    buyer.put_in(sell(at=shop, price=price))

    answer = buyer.buy(country="JP", postal_code="100-0001")

    assert answer.headers["Location"].startswith("/orders/")
    with app.app_context(), shop.entered():
        order = db.session.scalars(select(Order)).one()
        assert (order.total, order.currency) == (total, "JPY")


def test_forged_and_foreign_return_addresses_are_not_there(buyer, sell, other_shop, at_shop):
    buyer.put_in(sell())
    placed = buyer.place()
    chosen = buyer.browser.post_form(path_of(placed), {"choice": "approve"})
    back = path_of(chosen)

    assert buyer.browser.get("/checkout/return/forged").status_code == 404
    assert other_shop.browser().get(back).status_code == 404
    assert at_shop(lambda: db.session.scalars(select(Payment.status)).one()) == "pending"


def test_coming_back_many_times_is_one_payment(buyer, sell, at_shop):
    buyer.put_in(sell())
    chosen = buyer.browser.post_form(path_of(buyer.place()), {"choice": "approve"})

    answers = {buyer.browser.get(path_of(chosen)).status_code for _ in range(4)}

    assert answers == {303}
    order = last_order(at_shop)
    assert (order.paid, order.total, order.status) == (order.total, order.total, "placed")


def test_other_countries_are_offered_as_far_as_zones_reach(buyer, sell, at_shop):
    at_shop(lambda: shipping.write_delivery([DeliveryZone("Here", ("IE", "GB"), ())], by=BY))
    buyer.put_in(sell())

    page = buyer.browser.get("/checkout").text

    assert at_shop(lambda: delivery.zone_of("FR")) is None
    assert '<option value="GB"' in page
    assert '<option value="FR"' not in page


def test_an_order_that_staff_cancel_can_no_longer_be_paid_and_its_bag_is_free_again(buyer, sell, at_shop, run_jobs):
    variant = sell(on_hand=3)
    buyer.put_in(variant)
    placed = buyer.place()
    number = last_order(at_shop).number

    at_shop(lambda: orders.cancel(number, reason="Asked by phone.", restock=True, by=BY))
    run_jobs()

    assert buyer.browser.post_form(path_of(placed), {"choice": "approve"}).status_code == 409
    assert at_shop(lambda: db.session.scalars(select(Payment.status)).one()) == "failed"
    assert buyer.buy().headers["Location"].startswith("/orders/")
    assert stock(at_shop, variant) == 2
