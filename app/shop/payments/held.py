"""Held payments: money came that is not what was asked for, and staff decide what becomes of it."""

from __future__ import annotations

from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.core.i18n import mark
from app.shop.payments import events, queries, service
from app.shop.payments.errors import HeldInOtherCurrency, NotHeld
from app.shop.payments.models import CAPTURED, HELD, RETURNED, Payment

NOT_ACCEPTED = mark("The amount did not fit and is sent back.")


def accept(payment_id: UUID, order_id: UUID, *, by: Actor) -> Payment:
    """Take what came in the place of what was asked for. Raises NotFound, NotHeld, HeldInOtherCurrency."""
    payment = _locked(payment_id, order_id)
    if payment.reported_currency != payment.currency:
        raise HeldInOtherCurrency(currency=payment.reported_currency, wanted=payment.currency)
    _take(payment, CAPTURED)
    audit.record(by, "payment.accepted", payment, amount=payment.amount, currency=payment.currency)
    publish(events.PaymentCaptured(payment.id, payment.order_id, payment.amount, payment.currency))
    return payment


def send_back(payment_id: UUID, order_id: UUID, *, by: Actor) -> Payment:
    """Promise all of what came back; a job sends it through the gateway. Raises NotFound and NotHeld."""
    payment = _locked(payment_id, order_id)
    payment.currency = payment.reported_currency or payment.currency
    _take(payment, RETURNED)
    service.refund(payment.id, payment.amount, f"held:{payment.id}", by=by, reason=NOT_ACCEPTED)
    publish(events.PaymentFailed(payment.id, payment.order_id, NOT_ACCEPTED))
    return payment


def _locked(payment_id: UUID, order_id: UUID) -> Payment:
    payment = queries.lock_payment(payment_id)
    if payment.order_id != order_id:
        raise NotFound()
    if payment.status != HELD:
        raise NotHeld()
    return payment


def _take(payment: Payment, status: str) -> None:
    """Write down what really came, so that ledger and refunds speak of the same money."""
    payment.amount = payment.captured = payment.reported_amount
    payment.status, payment.settled_at = status, clock.now()
    service.write_down(payment, "capture", payment.amount, key=f"capture:{payment.id}")
    db.flush()
