"""Background work of the orders room: reactions to payments, and mails.

Each reaction may run twice. Money is counted once per payment or refund; a mail has a key.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core import clock, money
from app.core.errors import NotFound
from app.core.events import reacts_to
from app.core.jobs import every, for_each_tenant, job
from app.core.text import normalise_email
from app.platform.mail import queries as mail_queries
from app.platform.mail import service as mail
from app.platform.tenancy.queries import current_shop
from app.shop.orders import events, queries, service
from app.shop.orders.models import Order
from app.shop.payments import queries as payments
from app.shop.payments.events import PaymentCaptured, PaymentFailed, RefundFailed, RefundSucceeded

GIVE_UP_AFTER = timedelta(hours=1)


@reacts_to(PaymentCaptured)
def count_payment(fact: PaymentCaptured) -> None:
    """Money arrived: the order is confirmed."""
    service.record_payment(fact.order_id, fact.payment_id, fact.amount, fact.currency)


@reacts_to(PaymentFailed)
def note_failed_payment(fact: PaymentFailed) -> None:
    """One attempt failed; the buyer may try again while the order waits."""
    if not fact.gave_up:
        service.payment_failed(fact.order_id, fact.reason)


@reacts_to(RefundSucceeded)
def count_refund(fact: RefundSucceeded) -> None:
    """Money went back. What payments returned because it came twice was never counted in."""
    was_doubled = payments.refund_by_id(fact.refund_id).key == f"doubled:{fact.payment_id}"
    service.record_refund(fact.order_id, fact.refund_id, fact.amount, fact.currency, was_counted=not was_doubled)


@reacts_to(RefundFailed)
def flag_failed_refund(fact: RefundFailed) -> None:
    """A gateway refused to send money back."""
    service.refund_failed(fact.order_id, fact.amount, fact.reason)


@reacts_to(events.OrderPlaced)
def count_as_sold(fact: events.OrderPlaced) -> None:
    """Favourites follow what is sold."""
    service.count_sold(fact.order_id)


@reacts_to(events.OrderPlaced)
def mail_confirmation(fact: events.OrderPlaced) -> None:
    """Thank the buyer; for a bank transfer say where the money goes."""
    order = queries.by_id(fact.order_id)
    _send(order, "confirmation", f"order-confirmation-{order.id}", f"Your order {order.number} is confirmed")


@reacts_to(events.OrderPaid)
def mail_payment_received(fact: events.OrderPaid) -> None:
    """Say that an awaited transfer arrived; who paid at once reads it in the confirmation."""
    if fact.was_awaited:
        order = queries.by_id(fact.order_id)
        _send(order, "payment_received", f"order-paid-{order.id}", f"We have received your payment for {order.number}")


@reacts_to(events.OrderShipped)
def mail_shipped(fact: events.OrderShipped) -> None:
    """Tell the buyer that a parcel left, with its tracking number."""
    order, parcel = queries.by_id(fact.order_id), queries.fulfilment(fact.fulfilment_id)
    _send(order, "shipped", f"order-shipped-{parcel.id}", f"Your order {order.number} is on its way", parcel=parcel)


@reacts_to(events.OrderRefunded)
def mail_refunded(fact: events.OrderRefunded) -> None:
    """Tell the buyer how much went back."""
    order = queries.by_id(fact.order_id)
    amount = money.format(fact.amount, fact.currency, order.locale)
    _send(
        order, "refunded", f"order-refunded-{fact.refund_id}", f"A refund for your order {order.number}", amount=amount
    )


@reacts_to(events.OrderCancelled)
def mail_cancelled(fact: events.OrderCancelled) -> None:
    """Tell the buyer; whoever never paid was never promised anything."""
    if fact.was_placed:
        order = queries.by_id(fact.order_id)
        _send(order, "cancelled", f"order-cancelled-{order.id}", f"Your order {order.number} is cancelled")


@job()
def send_status_link(number: str, email: str, request_id: UUID) -> None:
    """Send the link to the order's page to its buyer, if number and address belong together."""
    try:
        order = queries.by_number(number)
    except NotFound:
        return
    if order.email == normalise_email(email):
        _send(order, "status_link", f"order-link-{request_id}", f"Your order {order.number}")


@every("*/5 * * * *")
def give_up_unpaid() -> None:
    """Free the stock of orders in every shop whose payment never came."""
    for_each_tenant(give_up_unpaid_orders)


def give_up_unpaid_orders() -> None:
    """One shop's share: only orders without a payment that its gateway may still decide."""
    for order_id in queries.expired_pending(clock.now() - GIVE_UP_AFTER):
        if payments.open_payment_of(order_id) is None and not payments.captured_for(order_id):
            service.give_up(order_id)


_MAILS = {
    "confirmation": "The order confirmation was sent to {to}.",
    "payment_received": "A mail to {to} said that the payment arrived.",
    "shipped": "The shipping mail was sent to {to}.",
    "refunded": "The refund mail was sent to {to}.",
    "cancelled": "The cancellation mail was sent to {to}.",
    "status_link": "A link to this order's page was sent to {to}.",
}


def _send(order: Order, name: str, key: str, subject: str, **context: Any) -> None:
    """One mail about an order, written down on its timeline; a second run does neither.

    Buyers of sample orders do not exist, so nobody writes to them.
    """
    if order.is_sample or mail_queries.message_by_key(key) is not None:
        return
    mail.send(
        f"orders/mail/{name}",
        order.email,
        subject=f"{subject} – {current_shop().name}",
        key=key,
        order=order,
        link=queries.status_link(order),
        **context,
    )
    service.note_mail(order.id, _MAILS[name].format(to=order.email))
