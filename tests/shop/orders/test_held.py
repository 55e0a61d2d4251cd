"""Money that came but does not fit: staff accept it or send it back."""

from __future__ import annotations

import pytest

from app.core import access, db
from app.core.ids import to_public
from app.shop.orders import queries, service
from app.shop.payments import hooks
from app.shop.payments import queries as payments
from app.shop.payments import service as payment_service
from app.shop.payments.models import Payment
from app.shop.payments.schemas import NewPayment


@pytest.fixture
def held(app, shop, make_order, run_jobs, monkeypatch):
    """An order whose gateway reports other money than was asked for: (order, payment id)."""
    sent_back = hooks.RefundResult(True, "back-1")
    monkeypatch.setattr(type(hooks.gateway("testpay")), "refund", lambda *_: sent_back)

    def make(amount=5000, currency="EUR"):
        order = make_order("pending", payment_gateway="testpay")
        with app.app_context(), shop.entered():
            new = NewPayment(order.id, order.total, "EUR", "testpay", order.number, "/checkout/return/{token}")
            payment = payment_service.open_payment(new)
            payment.reference = f"ref-{order.number}"
            db.flush()
            payment_service._apply(payment, hooks.PaymentStatus(hooks.Status.CAPTURED, amount, currency))
            payment_id = payment.id
        run_jobs()
        return order, payment_id

    return make


def state(app, shop, order, payment_id):
    with app.app_context(), shop.entered():
        return queries.by_id(order.id), payments.payment_by_id(payment_id), payments.balance_of(order.id)


def test_a_held_payment_asks_for_a_decision(staff_client, held):
    order, payment_id = held()

    page = staff_client.get(f"/admin/orders/{order.number}").text

    assert "€50.00 instead of €53.00" in page
    assert f"/admin/orders/{order.number}/held/{payment_id}" in page
    assert "Needs a look" in staff_client.get("/admin/orders").text
    assert "1 order needs a look" in staff_client.get("/admin").text
    settings = staff_client.get("/admin/settings/payments").text
    answer = staff_client.get(f"/admin/orders/of-payment/{payment_id}")
    assert f"/admin/orders/of-payment/{payment_id}" in settings
    assert answer.headers["Location"] == f"/admin/orders/{order.number}"


def test_accepting_confirms_the_order_with_what_came(staff_client, held, app, shop, run_jobs):
    order, payment_id = held()
    path = f"/admin/orders/{order.number}/held/{payment_id}"
    assert "Accept €50.00" in staff_client.get(path).text

    assert staff_client.post_form(f"{path}/accept").status_code == 303
    run_jobs()

    now, payment, balance = state(app, shop, order, payment_id)
    assert (now.status, now.payment_status, now.paid, now.attention) == ("placed", "paid", 5000, "")
    assert (payment.status, payment.captured, balance) == ("captured", 5000, 5000)
    assert staff_client.post_form(f"{path}/accept").status_code == 409


def test_sending_it_back_leaves_the_order_open_for_another_payment(staff_client, held, app, shop, run_jobs):
    order, payment_id = held(amount=6000)
    path = f"/admin/orders/{order.number}/held/{payment_id}"

    assert staff_client.post_form(f"{path}/return").status_code == 303
    run_jobs()

    now, payment, balance = state(app, shop, order, payment_id)
    assert (now.status, now.payment_status, now.paid, now.refunded) == ("pending", "failed", 0, 0)
    assert (payment.status, payment.refunded, balance) == ("returned", 6000, 0)
    assert "went back to the customer" in staff_client.get(f"/admin/orders/{order.number}").text
    with app.app_context(), shop.entered():
        again = NewPayment(order.id, order.total, "EUR", "testpay", order.number, "/checkout/return/{token}")
        assert payment_service.open_payment(again).id != payment_id


def test_a_gateway_that_says_it_again_takes_nothing_twice(staff_client, held, app, shop, run_jobs):
    order, payment_id = held(amount=6000)
    staff_client.post_form(f"/admin/orders/{order.number}/held/{payment_id}/return")
    run_jobs()

    with app.app_context(), shop.entered():
        answer = hooks.PaymentStatus(hooks.Status.CAPTURED, 6000, "EUR")
        payment_service._apply(payments.lock_payment(payment_id), answer)

    assert state(app, shop, order, payment_id)[1].status == "returned"


def test_money_in_another_currency_can_only_go_back(staff_client, held, app, shop, run_jobs):
    order, payment_id = held(amount=5300, currency="USD")
    path = f"/admin/orders/{order.number}/held/{payment_id}"

    assert "Accept" not in staff_client.get(path).text
    assert staff_client.post_form(f"{path}/accept").status_code == 422
    staff_client.post_form(f"{path}/return")
    run_jobs()

    now, payment, _ = state(app, shop, order, payment_id)
    assert (now.paid, payment.status, payment.currency) == (0, "returned", "USD")


def test_deciding_wants_its_permission_and_the_right_order(staff_client, held, make_order, app, shop, monkeypatch):
    order, payment_id = held()
    other = make_order("pending")

    assert staff_client.post_form(f"/admin/orders/{other.number}/held/{payment_id}/accept").status_code == 404
    reader = access.Actor("staff", name="Reader", permissions=frozenset({"orders.read"}))
    monkeypatch.setitem(access._loaders, "staff", lambda subject: reader)
    for action in ("accept", "return"):
        path = f"/admin/orders/{order.number}/held/{payment_id}/{action}"
        assert staff_client.post_form(path).status_code == 403
    with app.app_context(), shop.entered():
        assert db.session.get(Payment, (shop.id, payment_id)).status == "held"


def test_the_timeline_keeps_codes_beside_its_english(app, shop, make_order):
    order = make_order("shipped")
    with app.app_context(), shop.entered():
        entries = {entry.code: entry for entry in queries.timeline(order.id)}
        service.add_note(order.number, "hello", by=access.system_actor())

    assert entries["sent_by"].details == {"num": 2, "carrier": "An Post"}
    assert entries["sent_by"].text == "2 items sent by An Post."
    assert entries["paid_by"].details["amount"] == [5300, "EUR"]


def test_a_program_decides_about_a_held_payment_by_the_same_rules(api, program, held):
    order, payment_id = held()
    path = f"/api/v1/orders/{to_public('ord', order.id)}/payments/{to_public('pay', payment_id)}"

    assert api.get(f"/api/v1/payments/{to_public('pay', payment_id)}").json["reported_amount"] == 5000
    assert program("orders.refund").post(f"{path}/accept").status_code == 403
    accepted = api.post(f"{path}/accept")
    assert (accepted.status_code, accepted.json["paid"]) == (200, 5000), accepted.text
    assert api.post(f"{path}/accept").json["code"] == api.post(f"{path}/return").json["code"] == "payment_not_held"
    other, second = held(amount=6000)
    back = api.post(f"/api/v1/orders/{to_public('ord', other.id)}/payments/{to_public('pay', second)}/return")
    assert (back.status_code, back.json["paid"]) == (200, 0)
    crossed = f"/api/v1/orders/{to_public('ord', other.id)}/payments/{to_public('pay', payment_id)}/accept"
    assert api.post(crossed).status_code == 404
