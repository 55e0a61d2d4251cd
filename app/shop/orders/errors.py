"""Refusals of the orders room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class OrderAlreadyShipped(DomainError):
    """A parcel has left, so this would be a return."""

    code, message = "order_already_shipped", mark("Order {number} has left; make it a return.")


class OrderNotOpen(DomainError):
    """Cancelled or completed orders do not change any more."""

    code, message = "order_not_open", mark("Order {number} is {status} and cannot be changed like this.")


class NothingToFulfil(DomainError):
    """No open piece was chosen."""

    code, message, status = "nothing_to_fulfil", mark("Choose at least one item that has not left yet."), 422


class TooManyFulfilled(DomainError):
    """More pieces than are left."""

    code, status = "too_many_fulfilled", 422
    message = mark("Only {left} of {title} are left to send.")


class RefundTooLarge(DomainError):
    """A refund never exceeds what was captured."""

    code, status = "refund_too_large", 422
    message = mark("At most {most} can be refunded for order {number}.")


class NothingToRefund(DomainError):
    """No money was captured, or all of it went back."""

    code, message = "nothing_to_refund", mark("There is no captured money left on order {number}.")


class PaymentElsewhere(DomainError):
    """The money never went through a payment of this shop, so no gateway can send it back."""

    code, status = "payment_elsewhere", 409
    message = mark("No payment of order {number} can take this amount back. Send it by hand and write a note.")


class AlreadyPaid(DomainError):
    """Marking as paid is for orders that are confirmed and unpaid."""

    code, message = "already_paid", mark("Order {number} is not waiting for a payment.")


class TotalsDoNotAddUp(DomainError):
    """The caller's arithmetic is wrong; nothing was sold."""

    code, message = "totals_do_not_add_up", mark("The order's amounts do not add up, so nothing was ordered.")


class ItemGone(DomainError):
    """A variant was deleted between the bag and the order."""

    code, message = "item_gone", mark("Something in your bag is no longer sold. Please look at your bag again.")


class NotDoneYet(DomainError):
    """Only what needs nobody any more is put away."""

    code, message = "order_not_done_yet", mark("Order {number} is not completed or cancelled yet.")


class NothingToChange(DomainError):
    """It is so already."""

    code, message = "nothing_to_change", mark("Order {number} is like this already.")


class CannotBeUndone(DomainError):
    """Parcels, mails and money do not come back at a click; and only what has ended can be undone."""

    code, message = "cannot_be_undone", mark("This cannot be undone.")


class NoDelivery(DomainError):
    """No zone names the country, or no rate takes these goods."""

    code, message, status = "no_delivery", mark("There is no delivery of these goods to {country}."), 422


class NoLaterPayment(DomainError):
    """An order that is written by hand is paid outside, so a way to pay later must be offered."""

    code = "no_later_payment"
    message = mark("Offer a way to pay that needs no gateway, such as bank transfer, to write orders by hand.")
