"""The whole way from an empty bag to a paid order, without JavaScript."""

from __future__ import annotations

from sqlalchemy import select

from app.core import db
from app.shop.orders.models import Order
from app.shop.payments import queries as payments


def orders() -> list[Order]:
    return list(db.session.scalars(select(Order).order_by(Order.id)))


def test_a_guest_buys_something_without_javascript(buyer, sell, at_shop, run_jobs):
    buyer.put_in(sell(title="Moon vase", price=6400, on_hand=3), 2)

    answer = buyer.buy()

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/orders/")
    assert buyer.browser.get(answer.headers["Location"]).status_code == 200
    run_jobs()
    (order,) = at_shop(orders)
    assert (order.status, order.payment_status, order.total) == ("placed", "paid", 6400 * 2 + 500)
    assert at_shop(lambda: payments.balance_of(order.id)) == order.total
    assert "Your bag is empty" in buyer.browser.get("/cart").text
