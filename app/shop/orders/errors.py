"""Refusals of the orders room."""

from app.core.errors import DomainError


class OrderAlreadyShipped(DomainError):
    """A parcel has left, so this would be a return."""

    code, message = "order_already_shipped", "Order {number} has left; make it a return."


class OrderNotOpen(DomainError):
    """Cancelled or completed orders do not change any more."""

    code, message = "order_not_open", "Order {number} is {status} and cannot be changed like this."


class NothingToFulfil(DomainError):
    """No open piece was chosen."""

    code, message, status = "nothing_to_fulfil", "Choose at least one item that has not left yet.", 422


class TooManyFulfilled(DomainError):
    """More pieces than are left."""

    code, status = "too_many_fulfilled", 422
    message = "Only {left} of {title} are left to send."


class RefundTooLarge(DomainError):
    """A refund never exceeds what was captured."""

    code, status = "refund_too_large", 422
    message = "At most {most} can be refunded for order {number}."


class NothingToRefund(DomainError):
    """No money was captured, or all of it went back."""

    code, message = "nothing_to_refund", "There is no captured money left on order {number}."


class PaymentElsewhere(DomainError):
    """The money never went through a payment of this shop, so no gateway can send it back."""

    code, status = "payment_elsewhere", 409
    message = "No payment of order {number} can take this amount back. Send it by hand and write a note."


class AlreadyPaid(DomainError):
    """Marking as paid is for orders that are confirmed and unpaid."""

    code, message = "already_paid", "Order {number} is not waiting for a payment."


class TotalsDoNotAddUp(DomainError):
    """The caller's arithmetic is wrong; nothing was sold."""

    code, message = "totals_do_not_add_up", "The order's amounts do not add up, so nothing was ordered."


class ItemGone(DomainError):
    """A variant was deleted between the bag and the order."""

    code, message = "item_gone", "Something in your bag is no longer sold. Please look at your bag again."
