"""Refusals of the payments room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class GatewayNotOffered(DomainError):
    """Switched off, or its plugin is gone."""

    code, message = "gateway_not_offered", mark("This way to pay is no longer offered. Please choose another.")


class GatewayUnreachable(DomainError):
    """No answer. The payment stays as it is and is asked about again."""

    code, status = "gateway_unreachable", 503
    message = mark("The payment service does not answer at the moment. Nothing was charged; please try again.")


class CallbackRefused(DomainError):
    """A message from outside that is not signed by the gateway."""

    code, message, status = "callback_refused", mark("This message is not signed by the gateway."), 400


class PaymentUnderWay(DomainError):
    """An order is paid by one payment at a time."""

    code, message = "payment_under_way", mark("A payment for this order is under way already.")


class NotAwaitingMoney(DomainError):
    """Only a payment that still waits can be marked as received."""

    code, message = "not_awaiting_money", mark("No payment of this order is waiting for money.")


class RefundAboveCaptured(DomainError):
    """What goes back never exceeds what came in. `most` is in minor units."""

    code, message, status = "refund_above_captured", mark("At most {most} of this payment can still be refunded."), 422


class RefundKeyReused(DomainError):
    """One key, one refund: the same key with another amount is a mistake."""

    code, message = "refund_key_reused", mark("This refund was requested before with another amount.")


class NotHeld(DomainError):
    """Somebody else has decided already."""

    code, message = "payment_not_held", mark("This payment is not held any more.")


class HeldInOtherCurrency(DomainError):
    """Amounts of two currencies cannot be compared, so such money can only go back."""

    code, status = "held_in_other_currency", 422
    message = mark("The money came in {currency}. Send it back and ask for {wanted}.")
