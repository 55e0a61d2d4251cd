"""The state machine of payments: whatever arrives, and however often, the books stay right."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from app.core import clock, db, isolation
from app.core.access import system_actor
from app.core.audit import AuditEntry
from app.core.errors import NotFound
from app.shop.payments import jobs, queries, service
from app.shop.payments.errors import (
    CallbackRefused,
    GatewayNotOffered,
    GatewayUnreachable,
    NotAwaitingMoney,
    PaymentUnderWay,
    RefundAboveCaptured,
    RefundKeyReused,
)
from app.shop.payments.schemas import NewPayment
from tests.factories.payments import callback, captured, failed, pending

BY = system_actor("tests")


def ledger(payment):
    return [(entry.kind, entry.amount) for entry in queries.ledger_of(payment.order_id)]


def facts(published):
    return [name for name in published() if name.startswith("payments.")]


def test_a_payment_is_written_down_before_the_gateway_hears_of_it(begin_payment, gateway):
    payment = begin_payment(start=False)

    assert (payment.status, payment.reference, gateway.asked) == ("created", None, [])


def test_starting_twice_tells_the_gateway_the_same_key(begin_payment, gateway):
    payment = begin_payment()
    service.start(payment.id)

    assert gateway.asked == [("start", str(payment.id))]
    assert payment.status == "pending"
    assert payment.redirect_url.startswith("https://pay.example/")


def test_the_same_order_opened_twice_is_the_same_payment(begin_payment):
    order_id = uuid4()

    assert begin_payment(order_id).id == begin_payment(order_id).id


def test_a_paid_order_is_not_paid_again(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)

    with pytest.raises(PaymentUnderWay):
        begin_payment(payment.order_id)


def test_captured_money_is_in_the_ledger_once_however_often_it_is_settled(begin_payment, gateway, published):
    payment = begin_payment()
    gateway.says = captured()

    for _ in range(3):
        service.settle(payment.id)
    service.receive_callback("obedient", callback(payment))

    assert (payment.status, payment.captured) == ("captured", 5000)
    assert ledger(payment) == [("capture", 5000)]
    assert facts(published) == ["payments.payment_captured"]


def test_an_undecided_payment_stays_undecided(begin_payment, gateway, published):
    payment = begin_payment()
    gateway.says = pending()

    service.settle(payment.id)

    assert payment.status == "pending"
    assert facts(published) == []


def test_a_declined_payment_fails_and_the_order_can_be_paid_by_another(begin_payment, gateway, published):
    payment = begin_payment()
    gateway.says = failed("No cover.")

    service.settle(payment.id)

    assert (payment.status, payment.reason, ledger(payment)) == ("failed", "No cover.", [])
    assert facts(published) == ["payments.payment_failed"]
    assert begin_payment(payment.order_id).id != payment.id


def test_a_gateway_that_does_not_answer_changes_nothing(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = TimeoutError("slow")

    with pytest.raises(GatewayUnreachable):
        service.settle(payment.id)

    assert payment.status == "pending"


@pytest.mark.parametrize(("amount", "currency"), [(4999, "EUR"), (5001, "EUR"), (5000, "USD")])
def test_money_that_does_not_fit_is_held_and_alarmed(begin_payment, published, amount, currency):
    payment = begin_payment()

    service.receive_callback("obedient", callback(payment, amount=amount, currency=currency))

    db.session.refresh(payment)
    assert (payment.status, payment.captured, ledger(payment)) == ("held", 0, [])
    assert str(amount) in payment.reason
    assert facts(published) == ["payments.payment_held"]
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "payment.held")).one()


def test_the_same_event_is_taken_once(begin_payment):
    payment = begin_payment()

    for _ in range(3):
        service.receive_callback("obedient", callback(payment, status="failed"))
    service.receive_callback("obedient", callback(payment))  # the same id, with another story

    db.session.refresh(payment)
    assert payment.status == "failed"


def test_an_unsigned_callback_is_refused(begin_payment):
    payment = begin_payment()
    forged = callback(payment)

    with pytest.raises(CallbackRefused):
        service.receive_callback("obedient", type(forged)({}, forged.body))

    db.session.refresh(payment)
    assert payment.status == "pending"


def test_a_callback_about_an_unknown_payment_is_taken_and_does_nothing(begin_payment, published):
    payment = begin_payment()

    service.receive_callback("obedient", callback(payment, reference="somebody else's"))

    assert facts(published) == []


def test_callbacks_in_the_wrong_order_end_with_the_money(begin_payment, published):
    payment = begin_payment()

    service.receive_callback("obedient", callback(payment, status="failed", id="evt-2"))
    service.receive_callback("obedient", callback(payment, status="captured", id="evt-1"))
    service.receive_callback("obedient", callback(payment, status="failed", id="evt-3"))

    db.session.refresh(payment)
    assert payment.status == "captured"
    assert ledger(payment) == [("capture", 5000)]
    assert facts(published)[-1] == "payments.payment_captured"


def test_a_payment_nobody_finished_is_closed_at_the_gateway_and_given_up(begin_payment, gateway, published):
    payment = begin_payment()

    with clock.frozen(clock.now() + timedelta(minutes=31)):
        service.settle(payment.id)

    assert payment.status == "expired"
    assert ("cancel", payment.reference) in gateway.asked
    assert facts(published) == ["payments.payment_failed"]


def test_money_that_came_in_the_last_moment_wins_over_giving_up(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = captured()

    with clock.frozen(clock.now() + timedelta(minutes=31)):
        service.settle(payment.id)

    assert payment.status == "captured"


def test_a_payment_whose_process_died_before_the_gateway_heard_of_it_is_finished_by_the_sweep(
    begin_payment, gateway, run_jobs
):
    payment = begin_payment(start=False)
    gateway.says = captured()

    with clock.frozen(clock.now() + timedelta(minutes=3)):
        jobs.reconcile_shop()
        db.checkpoint()
        run_jobs()

    db.session.refresh(payment)
    assert payment.status == "captured"
    assert gateway.asked[0] == ("start", str(payment.id))


def test_a_fresh_payment_is_left_to_its_buyer(begin_payment):
    begin_payment()
    now = clock.now()

    assert queries.due_for_settlement(now - jobs.ASK_AGAIN_AFTER, now) == []


def test_an_order_that_is_paid_twice_gives_the_second_money_back(begin_payment, gateway, run_jobs):
    first = begin_payment()
    gateway.says = failed()
    service.settle(first.id)
    second = begin_payment(first.order_id)
    gateway.says = captured()
    service.settle(second.id)

    service.receive_callback("obedient", callback(first))
    db.checkpoint()
    run_jobs()

    assert queries.balance_of(first.order_id) == 5000
    assert sorted(ledger(first)) == [("capture", 5000), ("capture", 5000), ("refund", -5000)]


def test_refunds_never_exceed_what_came_in(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)
    service.refund(payment.id, 3000, "a", by=BY)

    with pytest.raises(RefundAboveCaptured):
        service.refund(payment.id, 2001, "b", by=BY)
    with pytest.raises(RefundAboveCaptured):
        service.refund(payment.id, 0, "c", by=BY)

    assert payment.refunded == 3000


def test_the_same_refund_key_is_the_same_refund(begin_payment, gateway):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)

    once, twice = (service.refund(payment.id, 2000, "same", by=BY) for _ in range(2))

    assert once.id == twice.id
    assert payment.refunded == 2000
    with pytest.raises(RefundKeyReused):
        service.refund(payment.id, 1000, "same", by=BY)


def test_a_refund_is_sent_once_and_written_down(begin_payment, gateway, published, run_jobs):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)
    refund = service.refund(payment.id, 2000, "a", by=BY)

    db.checkpoint()
    run_jobs()
    db.session.expire_all()
    service.send_refund(refund.id)

    assert [asked for asked in gateway.asked if str(refund.id) in asked] == [("refund", str(refund.id), 2000)]
    assert ledger(payment) == [("capture", 5000), ("refund", -2000)]
    assert queries.balance_of(payment.order_id) == 3000
    assert "payments.refund_succeeded" in published()


def test_a_refused_refund_can_be_asked_for_again(begin_payment, gateway, published, run_jobs):
    payment = begin_payment()
    gateway.says = captured()
    service.settle(payment.id)
    gateway.refunds_succeed = False
    service.refund(payment.id, 5000, "a", by=BY)

    db.checkpoint()
    run_jobs()

    db.session.refresh(payment)
    assert payment.refundable == 5000
    assert ledger(payment) == [("capture", 5000)]
    assert "payments.refund_failed" in published()


def test_only_a_payment_that_waits_can_be_marked_as_received(begin_payment):
    payment = begin_payment()

    with pytest.raises(NotAwaitingMoney):
        service.mark_received(payment.order_id, by=BY)

    assert payment.status == "pending"


def test_a_transfer_is_marked_as_received_by_hand(in_shop, published):
    new = NewPayment(uuid4(), 5000, "EUR", "bank_transfer", "Order", "/x/{token}")
    payment = service.open_payment(new)
    assert service.start(payment.id).redirect_url is None

    service.mark_received(new.order_id, by=BY)

    db.session.refresh(payment)
    assert payment.status == "captured"
    assert queries.balance_of(new.order_id) == 5000


def test_a_gateway_that_is_switched_off_takes_no_new_payment_and_finishes_the_old(begin_payment, gateway):
    payment = begin_payment()
    service.set_method(gateway.code, enabled=False, by=BY)
    gateway.says = captured()

    with pytest.raises(GatewayNotOffered):
        service.open_payment(NewPayment(uuid4(), 1, "EUR", gateway.code, "", "/x/{token}"))
    service.settle(payment.id)

    assert payment.status == "captured"


def test_a_return_address_cannot_be_made_up_nor_used_in_another_shop(app, begin_payment, other_shop):
    payment = begin_payment()
    token = service.return_token(payment.id)

    assert service.returned_payment(token) == payment.id
    with pytest.raises(NotFound):
        service.returned_payment(token[:-2] + "xx")
    db.checkpoint()
    with app.app_context(), other_shop.entered(), pytest.raises(NotFound):
        service.returned_payment(token)


def test_a_secret_is_encrypted_in_its_column(begin_payment, gateway):
    service.configure_method(gateway.code, {"account": "12", "unknown": "x"}, "very secret", by=BY)
    db.checkpoint()

    query = text("select secret from payment_method where tenant_id = :tenant and code = :code")
    stored = db.session.execute(query, {"tenant": isolation.tenant_id(), "code": gateway.code}).scalar_one()
    assert b"very secret" not in bytes(stored)
    assert queries.account_of(gateway.code).secret == "very secret"
    assert queries.account_of(gateway.code).settings == {"account": "12"}
