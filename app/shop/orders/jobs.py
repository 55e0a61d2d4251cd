"""Background work of the orders room: reactions to payments, and mails.

Each reaction may run twice. Money is counted once per payment or refund; a mail has a key.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core import clock, money
from app.core.errors import NotFound
from app.core.events import reacts_to
from app.core.i18n import gettext, mark, speaking
from app.core.jobs import every, for_each_tenant, job
from app.core.text import normalise_email
from app.platform.mail import queries as mail_queries
from app.platform.mail import service as mail
from app.platform.tenancy.queries import current_shop
from app.shop.orders import events, queries, service
from app.shop.orders.models import Order
from app.shop.payments import queries as payments
from app.shop.payments.events import PaymentCaptured, PaymentFailed, PaymentHeld, RefundFailed, RefundSucceeded

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
    key = payments.refund_by_id(fact.refund_id).key
    because = {f"doubled:{fact.payment_id}": "double", f"held:{fact.payment_id}": "held"}.get(key, "")
    service.record_refund(fact.order_id, fact.refund_id, fact.amount, fact.currency, because=because)


@reacts_to(PaymentHeld)
def flag_held_payment(fact: PaymentHeld) -> None:
    """Money came that does not fit: staff accept it or send it back."""
    service.payment_held(fact.order_id, fact.amount, fact.currency)


@reacts_to(RefundFailed)
def flag_failed_refund(fact: RefundFailed) -> None:
    """A gateway refused to send money back."""
    service.refund_failed(fact.order_id, fact.amount, fact.reason)


@reacts_to(events.OrderPlaced)
def count_as_sold(fact: events.OrderPlaced) -> None:
    """Favourites follow what is sold."""
    service.count_sold(fact.order_id)


@reacts_to(events.OrderPlaced)
def note_purchase(fact: events.OrderPlaced) -> None:
    """The customers list sorts by what people bought."""
    service.note_spending(fact.order_id)


@reacts_to(events.OrderCancelled)
def note_lost_purchase(fact: events.OrderCancelled) -> None:
    """A cancelled order is no purchase."""
    service.note_spending(fact.order_id)


@reacts_to(events.OrderRefunded)
def note_money_returned(fact: events.OrderRefunded) -> None:
    """What went back was not spent."""
    service.note_spending(fact.order_id)


@reacts_to(events.OrderPlaced)
def mail_confirmation(fact: events.OrderPlaced) -> None:
    """Thank the buyer; for a bank transfer say where the money goes."""
    order = queries.by_id(fact.order_id)
    _send(
        order,
        "confirmation",
        f"order-confirmation-{order.id}",
        mark("Your order %(number)s is confirmed"),
    )


@reacts_to(events.OrderPaid)
def mail_payment_received(fact: events.OrderPaid) -> None:
    """Say that an awaited transfer arrived; who paid at once reads it in the confirmation."""
    if fact.was_awaited:
        order = queries.by_id(fact.order_id)
        _send(
            order,
            "payment_received",
            f"order-paid-{order.id}",
            mark("We have received your payment for %(number)s"),
        )


@reacts_to(events.OrderShipped)
def mail_shipped(fact: events.OrderShipped) -> None:
    """Tell the buyer that a parcel left, with its tracking number."""
    order, parcel = queries.by_id(fact.order_id), queries.fulfilment(fact.fulfilment_id)
    _send(
        order,
        "shipped",
        f"order-shipped-{parcel.id}",
        mark("Your order %(number)s is on its way"),
        parcel=parcel,
    )


@reacts_to(events.OrderRefunded)
def mail_refunded(fact: events.OrderRefunded) -> None:
    """Tell the buyer how much went back."""
    order = queries.by_id(fact.order_id)
    amount = money.format(fact.amount, fact.currency, order.locale)
    _send(
        order,
        "refunded",
        f"order-refunded-{fact.refund_id}",
        mark("A refund for your order %(number)s"),
        amount=amount,
    )


@reacts_to(events.OrderCancelled)
def mail_cancelled(fact: events.OrderCancelled) -> None:
    """Tell the buyer; whoever never paid was never promised anything."""
    if fact.was_placed:
        order = queries.by_id(fact.order_id)
        _send(
            order,
            "cancelled",
            f"order-cancelled-{order.id}",
            mark("Your order %(number)s is cancelled"),
        )


@job()
def send_status_link(number: str, email: str, request_id: UUID) -> None:
    """Send the link to the order's page to its buyer, if number and address belong together."""
    try:
        order = queries.by_number(number)
    except NotFound:
        return
    if order.email == normalise_email(email):
        _send(order, "status_link", f"order-link-{request_id}", mark("Your order %(number)s"))


@job()
def go_on_with_bulk(bulk_id: UUID) -> None:
    """Do the next slice of one action on many orders, and ask for the one after it."""
    if service.bulk.go_on(bulk_id).state == "running":
        go_on_with_bulk.enqueue(bulk_id=bulk_id)


@every("*/5 * * * *")
def give_up_unpaid() -> None:
    """Free the stock of orders in every shop whose payment never came."""
    for_each_tenant(give_up_unpaid_orders)


def give_up_unpaid_orders() -> None:
    """One shop's share: only orders without a payment that its gateway may still decide."""
    for order_id in queries.expired_pending(clock.now() - GIVE_UP_AFTER):
        if payments.open_payment_of(order_id) is None and not payments.captured_for(order_id):
            service.give_up(order_id)


def _send(order: Order, name: str, key: str, subject: str, **context: Any) -> None:
    """One mail about an order in its buyer's language, written down on its timeline; a second run does neither.

    Buyers of sample orders do not exist, so nobody writes to them.
    """
    if order.is_sample or mail_queries.message_by_key(key) is not None:
        return
    with speaking(order.locale):
        mail.send(
            f"orders/mail/{name}",
            order.email,
            subject=f"{gettext(subject, number=order.number)} – {current_shop().name}",
            key=key,
            order=order,
            link=queries.status_link(order),
            **context,
        )
    service.note_mail(order.id, name, order.email)
