"""Reactions of the orders room: money that moved, and mails."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from app.core import clock
from app.shop.orders import jobs, queries, service
from app.shop.orders.schemas import Fulfil
from app.shop.payments import events as payments
from tests.factories.orders import SYSTEM, new_order, stocked_variant


def test_a_paid_order_is_confirmed_by_one_mail(make_order, run_jobs, outbox, shop):
    order = make_order("paid")

    run_jobs()

    (mail,) = outbox.to("ines@example.com")
    assert order.number in mail.subject
    assert shop.name in mail.subject
    for body in (mail.html, mail.text):
        assert "Stoneware mug" in body
        assert "€53.00" in body
        assert f"{shop.host}" in body
        assert f"/orders/{order.number}/" in body
        assert "Livery" not in body


def test_a_bank_transfer_order_says_where_the_money_goes(make_order, run_jobs, outbox):
    make_order("awaiting")

    run_jobs()

    (mail,) = outbox.to("ines@example.com")
    assert "IBAN IE12 BOFI 9000 0112 3456 78" in mail.text
    assert "IBAN IE12 BOFI 9000 0112 3456 78" in mail.html


def test_an_order_that_was_never_paid_gets_no_mail(make_order, run_jobs, outbox):
    make_order("pending")
    make_order("given_up")

    run_jobs()

    assert len(outbox) == 0


def test_a_transfer_that_arrives_later_is_acknowledged(app, shop, make_order, run_jobs, outbox):
    order = make_order("awaiting")
    run_jobs()
    with app.app_context(), shop.entered():
        service.record_payment(order.id, uuid.uuid4(), order.total, "EUR")

    run_jobs()

    assert [mail.subject.split(" for ")[0] for mail in outbox.to("ines@example.com")[1:]] == [
        "We have received your payment"
    ]


def test_each_parcel_gets_its_mail_with_the_tracking_number(app, shop, make_order, run_jobs, outbox):
    order = make_order("paid")
    run_jobs()
    with app.app_context(), shop.entered():
        parcel = Fulfil(carrier="An Post", tracking_number="RR42", tracking_url="https://track.example/RR42")
        service.fulfil(order.number, parcel, by=SYSTEM)

    run_jobs()

    mail = outbox.to("ines@example.com")[-1]
    assert "on its way" in mail.subject
    assert "RR42" in mail.text
    assert 'href="https://track.example/RR42"' in mail.html


def test_a_cancelled_order_tells_its_buyer_why(app, shop, make_order, run_jobs, outbox):
    order = make_order("paid")
    run_jobs()
    with app.app_context(), shop.entered():
        service.cancel(order.number, reason="Sold out & sorry", restock=True, by=SYSTEM)

    run_jobs()

    mail = outbox.to("ines@example.com")[-1]
    assert "cancelled" in mail.subject
    assert "Sold out & sorry" in mail.text
    assert "Sold out &amp; sorry" in mail.html


def test_a_refund_is_told_with_its_amount(app, shop, make_order, run_jobs, outbox):
    order = make_order("paid")
    run_jobs()
    with app.app_context(), shop.entered():
        service.record_refund(order.id, uuid.uuid4(), 1300, "EUR")

    run_jobs()

    assert "€13.00" in outbox.to("ines@example.com")[-1].text


def test_a_reaction_that_runs_twice_sends_and_counts_once(in_shop, outbox):
    order = service.place(new_order(stocked_variant()))
    captured = payments.PaymentCaptured(uuid.uuid4(), order.id, order.total, "EUR")

    for _ in range(2):
        jobs.count_payment(captured)
        jobs.mail_confirmation(jobs.events.OrderPlaced(order.id, order.number))
        jobs.count_as_sold(jobs.events.OrderPlaced(order.id, order.number))

    assert order.paid == order.total
    mails = [entry for entry in queries.timeline(order.id) if entry.kind == "mail"]
    assert len(mails) == 1


def test_a_failed_payment_is_noted_and_a_late_one_left_to_the_checkout(in_shop):
    order = service.place(new_order(stocked_variant()))

    jobs.note_failed_payment(payments.PaymentFailed(uuid.uuid4(), order.id, "Too late.", gave_up=True))
    assert order.payment_status == "pending"
    jobs.note_failed_payment(payments.PaymentFailed(uuid.uuid4(), order.id, "The bank said no."))

    assert order.payment_status == "failed"


def test_a_refund_that_failed_asks_for_a_person(in_shop):
    order = service.place(new_order(stocked_variant()))

    jobs.flag_failed_refund(payments.RefundFailed(uuid.uuid4(), uuid.uuid4(), order.id, 100, "Account closed."))

    assert "Account closed." in order.attention


@pytest.mark.parametrize(("minutes", "status"), [(59, "pending"), (61, "cancelled")])
def test_unpaid_orders_are_given_up_after_an_hour(app, shop, make_order, minutes, status):
    order = make_order("pending")

    with clock.frozen(clock.now() + timedelta(minutes=minutes)), app.app_context(), shop.entered():
        jobs.give_up_unpaid_orders()

    with app.app_context(), shop.entered():
        assert queries.by_id(order.id).status == status


def test_sample_orders_write_to_nobody(make_order, run_jobs, outbox):
    make_order("shipped", is_sample=True)

    run_jobs()

    assert len(outbox) == 0
