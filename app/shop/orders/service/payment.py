"""Money: what arrived, what failed, what went back."""

from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.core.events import publish
from app.shop.catalog import service as catalog
from app.shop.catalog.errors import OutOfStock
from app.shop.orders import events, queries
from app.shop.orders.errors import AlreadyPaid, NothingToRefund, PaymentElsewhere, RefundTooLarge
from app.shop.orders.models import Order, OrderMoney
from app.shop.orders.service import notes, stock
from app.shop.payments import queries as payment_queries
from app.shop.payments import service as payments


def record_payment(order_id: UUID, payment_id: UUID, amount: int, currency: str) -> Order:
    """Count captured money (minor units) into an order, once per payment.

    The first full payment confirms the order. Money that does not fit is counted where it can be,
    and a person is asked to look; such an order stays pending.
    """
    order = queries.lock(order_id)
    if queries.is_counted("payment", payment_id):
        return order
    if currency != order.currency:
        notes.flag(order, f"A payment in {currency} arrived for an order in {order.currency}.")
        return order
    _count(order, "payment", payment_id, amount)
    order.paid += amount
    notes.write(order, "payment", f"{notes.amount_of(order, amount)} arrived by {order.payment_title or 'payment'}.")
    if order.paid != order.total:
        paid, total = notes.amount_of(order, order.paid), notes.amount_of(order, order.total)
        notes.flag(order, f"{paid} was paid, but the total is {total}.")
        return order
    _settle(order)
    return order


def _settle(order: Order) -> None:
    """Everything owed is here: confirm the order, or complete one that has left already."""
    order.payment_status = "paid"
    publish(
        events.OrderPaid(
            order_id=order.id,
            number=order.number,
            amount=order.total,
            currency=order.currency,
            was_awaited=order.status in {"placed", "completed"},
        )
    )
    if order.status == "cancelled":
        _revive(order)
    elif order.status == "pending":
        _confirm(order)
    elif order.fulfilment_status == "fulfilled":
        order.status = "completed"


def _confirm(order: Order) -> None:
    order.status = "placed"
    order.confirmed_at = clock.now()
    notes.write(order, "placed", "The order is confirmed.")
    publish(events.OrderPlaced(order_id=order.id, number=order.number))


def _revive(order: Order) -> None:
    """Money came after the order was given up: deliver if the goods are still there, else ask a person."""
    if not order.gave_up:
        notes.flag(order, "A payment arrived after this order was cancelled. Refund it.")
        return
    try:
        with db.session.begin_nested():
            catalog.take_stock([(line.variant_id, line.quantity) for line in order.lines])
    except OutOfStock:
        notes.flag(order, "A payment arrived after the time was up, and the goods are gone. Refund it.")
        return
    order.holds_stock, order.gave_up = True, False
    order.cancelled_at, order.cancelled_because = None, ""
    _confirm(order)


def mark_awaiting_payment(order_id: UUID) -> Order:
    """Confirm an order whose money comes later, as by bank transfer; publishes OrderPlaced once."""
    order = queries.lock(order_id)
    if order.status == "pending":
        if order.payment_status != "paid":
            order.payment_status = "unpaid"
        _confirm(order)
    return order


def payment_failed(order_id: UUID, reason: str = "") -> Order:
    """Note that one attempt failed. The order stays pending and keeps its stock for another attempt."""
    order = queries.lock(order_id)
    if order.status == "pending" and order.paid == 0 and order.payment_status != "failed":
        order.payment_status = "failed"
        notes.write(order, "payment", f"The payment failed. {reason}".strip())
    return order


def give_up(order_id: UUID, reason: str = "No payment arrived in time.") -> Order:
    """Cancel a pending order that will not be paid and put its stock back, once."""
    order = queries.lock(order_id)
    if order.status != "pending" or order.paid:
        return order
    order.status, order.payment_status, order.gave_up = "cancelled", "failed", True
    order.cancelled_at, order.cancelled_because = clock.now(), reason
    stock.put_back(order)
    notes.write(order, "cancellation", f"The order was given up. {reason}")
    publish(events.OrderCancelled(order_id=order.id, number=order.number, reason=reason, was_placed=False))
    return order


def mark_paid(number: str, *, by: Actor) -> Order:
    """Staff saw the money arrive, as on a bank statement. Raises AlreadyPaid and NotFound."""
    order = queries.lock_by_number(number)
    if not order.can_be_marked_paid:
        raise AlreadyPaid(number=number)
    payment = payments.mark_received(order.id, by=by)
    audit.record(by, "order.marked_paid", order, amount=payment.amount, currency=payment.currency)
    return record_payment(order.id, payment.id, payment.amount, payment.currency)


def refund(number: str, amount: int, *, key: str, by: Actor) -> Order:
    """Promise captured money (minor units) back, once per key; a job sends it through its gateway.

    Raises NothingToRefund, RefundTooLarge, PaymentElsewhere and what payments refuse.
    """
    order = queries.lock_by_number(number)
    if payment_queries.refund_by_key(key) is not None:
        return order
    if order.refundable <= 0:
        raise NothingToRefund(number=number)
    sources = [paid for paid in payment_queries.captured_for(order.id) if paid.refundable >= amount]
    if not 0 < amount <= order.refundable:
        raise RefundTooLarge(number=number, most=notes.amount_of(order, order.refundable))
    if not sources:
        raise PaymentElsewhere(number=number)
    payments.refund(sources[-1].id, amount, key, by=by)
    notes.write(order, "refund", f"A refund of {notes.amount_of(order, amount)} was asked for.", by)
    audit.record(by, "order.refund_asked", order, amount=amount, currency=order.currency)
    return order


def record_refund(order_id: UUID, refund_id: UUID, amount: int, currency: str, *, was_counted: bool = True) -> Order:
    """Count money that went back, once per refund.

    `was_counted` is false for a second payment of the same order that payments sent back by
    itself: it was never counted in, so only the timeline tells of it.
    """
    order = queries.lock(order_id)
    if queries.is_counted("refund", refund_id) or currency != order.currency:
        return order
    _count(order, "refund", refund_id, amount)
    sent = notes.amount_of(order, amount)
    if not was_counted:
        notes.write(order, "refund", f"{sent} that was paid twice went back to the customer.")
        return order
    order.refunded += amount
    order.payment_status = "refunded" if order.refundable == 0 else "partially_refunded"
    notes.write(order, "refund", f"{sent} went back to the customer.")
    publish(
        events.OrderRefunded(
            order_id=order.id, number=order.number, refund_id=refund_id, amount=amount, currency=currency
        )
    )
    return order


def refund_failed(order_id: UUID, amount: int, reason: str) -> Order:
    """Ask a person to look: the gateway did not send the money back."""
    order = queries.lock(order_id)
    notes.flag(order, f"The refund of {notes.amount_of(order, amount)} failed. {reason}".strip())
    return order


def _count(order: Order, kind: str, reference: UUID, amount: int) -> None:
    db.add(
        OrderMoney(
            order_id=order.id,
            kind=kind,
            reference=reference,
            amount=amount,
            currency=order.currency,
            at=clock.now(),
        )
    )
