"""How the states of an order are called on pages, and the colour of their badges."""

from app.shop.customers.hooks import Saying
from app.shop.orders.models import Order

PAYMENT = {
    "unpaid": Saying("Unpaid", "warning"),
    "pending": Saying("Payment pending", "info"),
    "paid": Saying("Paid", "success"),
    "partially_refunded": Saying("Part refunded"),
    "refunded": Saying("Refunded"),
    "failed": Saying("Payment failed", "danger"),
}
FULFILMENT = {
    "unfulfilled": Saying("To fulfil", "warning"),
    "partly_fulfilled": Saying("Part sent", "info"),
    "fulfilled": Saying("Sent", "success"),
}
_ON_HOLD = Saying("On hold")
_CANCELLED = Saying("Cancelled")


def payment(order: Order) -> Saying:
    """The payment column of the staff's list."""
    return PAYMENT[order.payment_status]


def fulfilment(order: Order) -> Saying:
    """The fulfilment column: nothing is to be sent before the order is confirmed."""
    if order.status == "cancelled":
        return _CANCELLED
    if order.status == "pending":
        return _ON_HOLD
    return FULFILMENT[order.fulfilment_status]


def for_shopper(order: Order) -> Saying:
    """One phrase for the buyer."""
    if order.status == "cancelled":
        return Saying("Refunded") if order.payment_status == "refunded" else _CANCELLED
    if order.status == "pending":
        failed = order.payment_status == "failed"
        return Saying("Payment failed", "danger") if failed else Saying("Waiting for payment", "info")
    if order.fulfilment_status == "fulfilled":
        return Saying("On its way", "success")
    if order.fulfilment_status == "partly_fulfilled":
        return Saying("Partly on its way", "info")
    if order.payment_status == "unpaid":
        return Saying("Waiting for your transfer", "warning")
    return Saying("Refunded") if order.payment_status == "refunded" else Saying("Being prepared", "info")
