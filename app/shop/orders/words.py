"""How the states of an order are called on pages, and the colour of their badges."""

from app.core.i18n import gettext, mark
from app.shop.customers.hooks import Saying
from app.shop.orders.models import Order

PAYMENT = {
    "unpaid": Saying(mark("Unpaid"), "warning"),
    "pending": Saying(mark("Payment pending"), "info"),
    "paid": Saying(mark("Paid"), "success"),
    "partially_refunded": Saying(mark("Part refunded")),
    "refunded": Saying(mark("Refunded")),
    "failed": Saying(mark("Payment failed"), "danger"),
}
FULFILMENT = {
    "unfulfilled": Saying(mark("To fulfil"), "warning"),
    "partly_fulfilled": Saying(mark("Part sent"), "info"),
    "fulfilled": Saying(mark("Sent"), "success"),
}
_ON_HOLD = Saying(mark("On hold"))
_CANCELLED = Saying(mark("Cancelled"))


def payment(order: Order) -> Saying:
    """The payment column of the staff's list."""
    return _said(PAYMENT[order.payment_status])


def fulfilment(order: Order) -> Saying:
    """The fulfilment column: nothing is to be sent before the order is confirmed."""
    if order.status == "cancelled":
        return _said(_CANCELLED)
    if order.status == "pending":
        return _said(_ON_HOLD)
    return _said(FULFILMENT[order.fulfilment_status])


def for_shopper(order: Order) -> Saying:
    """One phrase for the buyer, in the reader's language."""
    return _said(_for_shopper(order))


def _said(saying: Saying) -> Saying:
    return Saying(gettext(saying.text), saying.kind)


def _for_shopper(order: Order) -> Saying:
    if order.status == "cancelled":
        return Saying(mark("Refunded")) if order.payment_status == "refunded" else _CANCELLED
    if order.status == "pending":
        failed = order.payment_status == "failed"
        return Saying(mark("Payment failed"), "danger") if failed else Saying(mark("Waiting for payment"), "info")
    if order.fulfilment_status == "fulfilled":
        return Saying(mark("On its way"), "success")
    if order.fulfilment_status == "partly_fulfilled":
        return Saying(mark("Partly on its way"), "info")
    if order.payment_status == "unpaid":
        return Saying(mark("Waiting for your transfer"), "warning")
    return Saying(mark("Refunded")) if order.payment_status == "refunded" else Saying(mark("Being prepared"), "info")
