"""The whole way from an empty bag to a paid order, without JavaScript."""

from __future__ import annotations

from sqlalchemy import select

from app.core import db
from app.platform.tenancy import service as tenancy
from app.shop.orders.models import Order
from app.shop.payments import queries as payments


def orders() -> list[Order]:
    return list(db.session.scalars(select(Order).order_by(Order.id)))


def test_who_buys_in_german_is_written_to_in_german(app, shop, buyer, sell, at_shop, run_jobs, outbox):
    with app.app_context(), shop.entered():
        tenancy.keep_setting("languages", ["de"])
    buyer.put_in(sell(title="Moon vase", price=6400, on_hand=3))

    placed = buyer.browser.post_form("/de/checkout", buyer.form())
    answer = buyer.pay(placed)
    run_jobs()

    (order,) = at_shop(orders)
    (mail,) = outbox.to(order.email)
    assert order.locale == "de"
    assert answer.headers["Location"].startswith(f"/de/orders/{order.number}/")
    assert mail.subject.startswith(f"Ihre Bestellung {order.number} ist bestätigt")
    assert 'lang="de"' in mail.html
    assert "69,00\xa0€" in mail.html
    assert f"{shop.url('/de/orders/')}{order.number}/" in mail.text


def test_who_buys_in_the_shops_own_language_is_written_to_in_it(buyer, sell, at_shop, run_jobs, outbox):
    buyer.put_in(sell(title="Moon vase", price=6400, on_hand=3))

    answer = buyer.buy()
    run_jobs()

    (order,) = at_shop(orders)
    assert answer.headers["Location"].startswith("/orders/")
    assert outbox.to(order.email)[0].subject.startswith(f"Your order {order.number} is confirmed")


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
