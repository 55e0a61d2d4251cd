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
from app.shop.orders.sentences import NO_PAYMENT_IN_TIME
from app.shop.orders.service import notes, stock
from app.shop.payments import held
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
        notes.flag(order, "other_currency", paid=currency, wanted=order.currency)
        return order
    _count(order, "payment", payment_id, amount, currency)
    order.paid += amount
    code = "paid_by" if order.payment_title else "paid"
    notes.write(order, "payment", code, amount=(amount, currency), method=order.payment_title)
    if order.paid != order.total:
        notes.flag(order, "other_amount", amount=(order.paid, currency), total=(order.total, currency))
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
            amount=order.paid,
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
    notes.write(order, "placed", "confirmed")
    publish(events.OrderPlaced(order_id=order.id, number=order.number))


def _revive(order: Order) -> None:
    """Money came after the order was given up: deliver if the goods are still there, else ask a person."""
    if not order.gave_up:
        notes.flag(order, "paid_after_cancelling")
        return
    try:
        with db.session.begin_nested():
            catalog.take_stock([(line.variant_id, line.quantity) for line in order.lines])
    except OutOfStock:
        notes.flag(order, "paid_and_gone")
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
        notes.write(order, "payment", "payment_failed", reason=reason)
    return order


def give_up(order_id: UUID, reason: str = NO_PAYMENT_IN_TIME) -> Order:
    """Cancel a pending order that will not be paid and put its stock back, once."""
    order = queries.lock(order_id)
    if order.status != "pending" or order.paid:
        return order
    order.status, order.payment_status, order.gave_up = "cancelled", "failed", True
    order.cancelled_at, order.cancelled_because = clock.now(), reason
    stock.put_back(order)
    notes.write(order, "cancellation", "given_up", reason=reason)
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
    notes.write(order, "refund", "refund_asked", by, amount=(amount, order.currency))
    audit.record(by, "order.refund_asked", order, amount=amount, currency=order.currency)
    return order


def record_refund(order_id: UUID, refund_id: UUID, amount: int, currency: str, *, because: str = "") -> Order:
    """Count money that went back, once per refund.

    `because` is "double" for a second payment of the same order and "held" for an amount that did not fit: both were
    never counted in, so only the timeline tells of them.
    """
    order = queries.lock(order_id)
    if queries.is_counted("refund", refund_id) or (currency != order.currency and not because):
        return order
    _count(order, "refund", refund_id, amount, currency)
    if because:
        notes.write(order, "refund", f"refunded_{because}", amount=(amount, currency))
        return order
    order.refunded += amount
    order.payment_status = "refunded" if order.refundable == 0 else "partially_refunded"
    notes.write(order, "refund", "refunded", amount=(amount, currency))
    publish(
        events.OrderRefunded(
            order_id=order.id, number=order.number, refund_id=refund_id, amount=amount, currency=currency
        )
    )
    return order


def refund_failed(order_id: UUID, amount: int, reason: str) -> Order:
    """Ask a person to look: the gateway did not send the money back."""
    order = queries.lock(order_id)
    notes.flag(order, "refund_failed", amount=(amount, order.currency), reason=reason)
    return order


def payment_held(order_id: UUID, amount: int, currency: str) -> Order:
    """Ask a person to decide: money came, but not the money that was asked for."""
    order = queries.lock(order_id)
    notes.flag(order, "payment_held", amount=(amount, currency), total=(order.total, order.currency))
    return order


def accept_held(number: str, payment_id: UUID, *, by: Actor) -> Order:
    """Take the amount that came as it is, and go on with the order. Raises NotHeld, HeldInOtherCurrency, NotFound."""
    order = queries.lock_by_number(number)
    payment = held.accept(payment_id, order.id, by=by)
    _count(order, "payment", payment.id, payment.amount, payment.currency)
    order.paid += payment.amount
    both = {"amount": (payment.amount, payment.currency), "total": (order.total, order.currency)}
    notes.write(order, "payment", "held_accepted", by, **both)
    audit.record(by, "order.held_accepted", order, amount=payment.amount, currency=payment.currency)
    order.attention = ""
    _settle(order)
    return order


def return_held(number: str, payment_id: UUID, *, by: Actor) -> Order:
    """Send the amount that came back; the buyer may pay again. Raises NotHeld and NotFound."""
    order = queries.lock_by_number(number)
    payment = held.send_back(payment_id, order.id, by=by)
    notes.write(order, "refund", "held_returned", by, amount=(payment.amount, payment.currency))
    audit.record(by, "order.held_returned", order, amount=payment.amount, currency=payment.currency)
    order.attention = ""
    return order


def _count(order: Order, kind: str, reference: UUID, amount: int, currency: str) -> None:
    db.add(
        OrderMoney(
            order_id=order.id,
            kind=kind,
            reference=reference,
            amount=amount,
            currency=currency,
            at=clock.now(),
        )
    )
