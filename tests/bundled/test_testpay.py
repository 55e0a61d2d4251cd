"""The test gateway: every ending, over the pages and callbacks that a real one would use."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.bundled.testpay import gateway as testpay
from app.bundled.testpay import queries as bank
from app.core import clock, db
from app.core.access import system_actor
from app.shop.catalog.models import Variant
from app.shop.orders.models import Order
from app.shop.payments import jobs, queries, service
from app.shop.payments.models import Payment
from tests.factories.checkout import path_of


def only_order():
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


def only_payment():
    return db.session.scalars(select(Payment).order_by(Payment.id.desc())).first()


def stock(variant_id):
    return db.session.scalars(select(Variant.on_hand).where(Variant.id == variant_id)).one()


def signed(at_shop, **changes):
    """A callback as the bank would send it, with changes, signed with the shop's secret."""

    def make():
        payment = only_payment()
        told = {"id": "evt", "reference": payment.reference, "status": "captured", "amount": payment.amount}
        told |= {"currency": payment.currency} | changes
        return testpay.sign_body(json.dumps(told).encode(), queries.account_of("testpay").secret)

    return at_shop(make)


def send(client, callback):
    return client.post("/payments/testpay/callback", data=callback.body, headers=dict(callback.headers))


def test_the_banks_page_shows_the_amount_and_every_ending(buyer, sell):
    buyer.put_in(sell(price=6400))
    placed = buyer.place()

    page = buyer.browser.get(path_of(placed))

    assert page.status_code == 200
    assert "€69.00" in page.text
    for choice in ("approve", "decline", "challenge", "later", "time_out"):
        assert f'value="{choice}"' in page.text


def test_an_approved_payment_pays_the_order(buyer, sell, at_shop):
    buyer.put_in(sell())

    answer = buyer.buy()

    assert answer.headers["Location"].startswith("/orders/")
    assert at_shop(lambda: only_order().payment_status) == "paid"


def test_a_declined_payment_charges_nothing_and_leaves_the_bag_and_the_form(buyer, sell, at_shop):
    buyer.put_in(sell(on_hand=1))

    answer = buyer.pay(buyer.place(name="Ines the Patient"), "decline")

    assert answer.headers["Location"] == "/checkout"
    page = buyer.browser.get("/checkout").text
    assert "declined" in page
    assert "Ines the Patient" in page
    assert "sold out" not in page
    assert at_shop(lambda: queries.balance_of(only_order().id)) == 0


def test_after_a_decline_the_same_bag_can_be_paid(buyer, sell, at_shop, run_jobs):
    variant = sell(on_hand=1)
    buyer.put_in(variant)
    buyer.pay(buyer.place(), "decline")
    run_jobs()

    answer = buyer.buy()
    run_jobs()

    assert answer.headers["Location"].startswith("/orders/")
    assert at_shop(lambda: (only_order().payment_status, stock(variant))) == ("paid", 0)


def test_a_challenge_asks_once_more_and_then_pays(buyer, sell, at_shop):
    buyer.put_in(sell())
    placed = buyer.place()
    bank_page = path_of(placed)
    step = buyer.browser.post_form(bank_page, {"choice": "challenge"})

    assert path_of(step) == bank_page
    assert "3-D Secure" in buyer.browser.get(bank_page).text
    answer = buyer.pay(placed, "approve")
    assert answer.headers["Location"].startswith("/orders/")
    assert at_shop(lambda: only_order().payment_status) == "paid"


def test_a_challenge_that_is_refused_charges_nothing(buyer, sell):
    buyer.put_in(sell())
    placed = buyer.place()
    buyer.browser.post_form(path_of(placed), {"choice": "challenge"})

    assert buyer.pay(placed, "decline").headers["Location"] == "/checkout"


def test_paying_later_is_confirmed_by_the_workers_callback(buyer, sell, at_shop, run_jobs):
    buyer.put_in(sell())

    answer = buyer.pay(buyer.place(), "later")

    assert answer.headers["Location"].startswith("/orders/")
    assert at_shop(lambda: only_order().status) == "pending"
    run_jobs()
    assert at_shop(lambda: (only_order().status, only_order().payment_status)) == ("placed", "paid")
    assert "Your bag is empty" in buyer.browser.get("/cart").text


def test_a_silent_bank_leaves_the_order_pending_until_time_is_over(buyer, sell, at_shop, run_jobs):
    variant = sell(on_hand=2)
    buyer.put_in(variant, 2)
    answer = buyer.pay(buyer.place(), "time_out")

    assert answer.headers["Location"].startswith("/orders/")
    assert at_shop(lambda: (only_order().status, stock(variant))) == ("pending", 0)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        at_shop(jobs.reconcile_shop)
        run_jobs()
    assert at_shop(lambda: (only_order().status, stock(variant))) == ("cancelled", 2)
    assert 'value="2"' in buyer.browser.get("/cart").text


def test_a_real_callback_over_http_pays_without_the_buyer_coming_back(buyer, sell, at_shop, client, run_jobs):
    buyer.put_in(sell())
    buyer.place()

    answers = [send(client, signed(at_shop)).status_code for _ in range(3)]
    run_jobs()

    assert answers == [200, 200, 200]
    assert at_shop(lambda: only_order().payment_status) == "paid"
    assert at_shop(lambda: len(queries.ledger_of(only_order().id))) == 1


@pytest.mark.parametrize("changes", [{"amount": 1}, {"currency": "USD"}])
def test_a_callback_with_another_amount_is_held_and_shown_to_staff(
    buyer, sell, at_shop, client, run_jobs, changes, staff_client
):
    buyer.put_in(sell())
    buyer.place()

    send(client, signed(at_shop, **changes))
    run_jobs()

    assert at_shop(lambda: (only_payment().status, only_order().status)) == ("held", "pending")
    assert "Held payments" in staff_client.get("/admin/settings/payments").text


def test_callbacks_without_a_right_signature_change_nothing(buyer, sell, at_shop, client):
    buyer.put_in(sell())
    buyer.place()
    good = signed(at_shop)
    tampered = type(good)(good.headers, good.body.replace(b"captured", b"failed"))
    wrong_key = testpay.sign_body(good.body, "not the secret")
    no_key = testpay.sign_body(good.body, "")
    unsigned = type(good)({}, good.body)
    nonsense = type(good)({testpay.SIGNATURE: "t=,v1=é"}, good.body)

    refused = [send(client, bad).status_code for bad in (tampered, wrong_key, no_key, unsigned, nonsense)]

    assert refused == [400] * 5
    assert at_shop(lambda: only_payment().status) == "pending"


def test_an_old_callback_is_refused(buyer, sell, at_shop, client):
    buyer.put_in(sell())
    buyer.place()
    with clock.frozen(clock.now() - timedelta(minutes=6)):
        old = signed(at_shop)

    assert send(client, old).status_code == 400


def test_a_callback_signed_for_one_shop_is_refused_at_another(buyer, sell, at_shop, other_shop):
    buyer.put_in(sell())
    buyer.place()

    assert send(other_shop.browser(), signed(at_shop)).status_code == 400


def test_callbacks_of_gateways_that_do_not_exist_are_not_there(client):
    assert client.post("/payments/nobody/callback", data=b"{}").status_code == 404


def test_bank_transfer_takes_no_callbacks(client):
    assert client.post("/payments/bank_transfer/callback", data=b"{}").status_code == 400


def test_another_shops_session_is_not_there(buyer, sell, other_shop):
    buyer.put_in(sell())
    bank_page = path_of(buyer.place())
    foreign = other_shop.browser()
    unknown = f"/payments/testpay/{uuid.uuid4()}"

    assert [foreign.get(path).status_code for path in (bank_page, unknown)] == [404, 404]
    assert foreign.post_form(bank_page, {"choice": "approve"}).status_code == 404


def test_a_choice_that_is_not_offered_gets_a_sentence(buyer, sell):
    buyer.put_in(sell())

    answer = buyer.browser.post_form(path_of(buyer.place()), {"choice": "steal"})

    assert answer.status_code == 422


def test_a_decided_payment_is_not_decided_again(buyer, sell):
    buyer.put_in(sell())
    placed = buyer.place()
    buyer.pay(placed)

    answer = buyer.browser.post_form(path_of(placed), {"choice": "decline"})

    assert answer.status_code == 409
    assert "finished already" in answer.text


def test_the_bank_pays_back_once_a_key_and_never_more_than_it_got(buyer, sell, at_shop):
    buyer.put_in(sell(price=2000))
    buyer.buy()
    reference = at_shop(lambda: only_payment().reference)
    port = testpay.TestGateway()

    def refund(key, amount):
        request = testpay.RefundRequest(key, reference, amount, "EUR")
        return at_shop(lambda: port.refund(queries.account_of("testpay"), request).succeeded)

    assert refund("a", 2000)
    assert refund("a", 2000)
    assert not refund("b", 501)
    assert at_shop(lambda: bank.session_by_id(uuid.UUID(reference)).refunded) == 2000


def test_money_goes_back_to_the_buyer_through_the_bank(buyer, sell, at_shop, run_jobs):
    buyer.put_in(sell(price=2000))
    buyer.buy()
    run_jobs()
    payment = at_shop(only_payment)

    at_shop(lambda: service.refund(payment.id, 500, "key", by=system_actor()))
    run_jobs()

    assert at_shop(lambda: queries.balance_of(payment.order_id)) == payment.amount - 500
    assert at_shop(lambda: only_order().payment_status) == "partially_refunded"
