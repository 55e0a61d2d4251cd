"""Background work of the payments room: refunds are sent, forgotten payments are asked about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.core import clock
from app.core.events import reacts_to
from app.core.jobs import every, for_each_tenant, job
from app.shop.payments import queries, service
from app.shop.payments.events import RefundRequested

ASK_AGAIN_AFTER = timedelta(minutes=2)


@reacts_to(RefundRequested)
def send_refund(fact: RefundRequested) -> None:
    """Send the money back through the gateway; tried again until it answers."""
    service.send_refund(fact.refund_id)


@job(queue="payments", retries=3)
def settle_payment(payment_id: UUID) -> None:
    """Ask the gateway about one payment that neither the return page nor a callback finished."""
    service.settle(payment_id)


@every("* * * * *")
def reconcile() -> None:
    """Find every undecided payment of every shop that nobody asked about lately."""
    for_each_tenant(reconcile_shop)


def reconcile_shop() -> None:
    """One job a payment, so that one gateway that hangs does not hold up the rest."""
    now = clock.now()
    for payment_id in queries.due_for_settlement(now - ASK_AGAIN_AFTER, now):
        settle_payment.enqueue(payment_id=payment_id)
