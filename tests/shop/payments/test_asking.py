"""A gateway that raises, hangs or answers rubbish moves no money and decides nothing."""

from __future__ import annotations

import threading

import pytest

from app.core.access import system_actor
from app.platform.plugins import places
from app.platform.plugins.places import Place
from app.shop.payments import hooks, service
from app.shop.payments.errors import GatewayUnreachable
from tests.factories.payments import callback, captured, pending


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "captured",
        hooks.PaymentStatus("captured", "5000", "EUR"),
        hooks.PaymentStatus(hooks.Status.CAPTURED, 50.0, "EUR"),
        hooks.PaymentStatus("paid", 5000, "EUR"),
        hooks.PaymentStatus(hooks.Status.CAPTURED, 5000, "E" * 10_000_000),
    ],
)
def test_an_answer_of_the_wrong_type_captures_nothing(begin_payment, gateway, published, answer):
    payment = begin_payment()
    gateway.says = answer

    with pytest.raises(GatewayUnreachable):
        service.settle(payment.id)

    assert payment.is_open and "payments.captured" not in published()


@pytest.mark.parametrize(
    "started",
    [
        hooks.Started(""),
        hooks.Started("x" * 300),
        hooks.Started("ref", "javascript:alert(1)"),
        hooks.Started("ref", "//evil"),
        hooks.Started(None),
    ],
)
def test_a_start_that_names_no_reference_or_no_page_of_the_web_starts_nothing(begin_payment, gateway, started):
    gateway.start = lambda account, payment: started
    payment = begin_payment(start=False)

    with pytest.raises(GatewayUnreachable):
        service.start(payment.id)

    assert payment.reference is None


def test_a_gateway_that_hangs_is_one_that_does_not_answer(begin_payment, gateway, monkeypatch):
    payment = begin_payment()
    over = threading.Event()
    gateway.fetch = lambda account, reference: over.wait(60)
    monkeypatch.setattr(places, "PAYMENT_FETCH", Place("payment.fetch", "", 0.05))

    with pytest.raises(GatewayUnreachable):
        service.settle(payment.id)

    over.set()
    assert payment.is_open


def test_a_refund_answered_by_rubbish_stays_promised_and_is_sent_again(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)
    refund = service.refund(payment.id, 5000, "key", by=system_actor("tests"))
    gateway.refunds_succeed = "perhaps"

    with pytest.raises(GatewayUnreachable):
        service.send_refund(refund.id)
    assert refund.status == "requested"

    gateway.refunds_succeed = True
    assert service.send_refund(refund.id).status == "succeeded"


def test_a_gateway_that_cannot_read_its_callback_asks_for_it_again_and_shows_no_page_of_errors(
    app, shop, client, begin_payment, gateway
):
    told = callback(begin_payment())
    gateway.says = pending()
    gateway.verify_callback = lambda account, callback: {}["signature"]

    answer = client.post("/payments/obedient/callback", data=told.body, headers=dict(told.headers))

    assert answer.status_code == 503 and "KeyError" not in answer.text
