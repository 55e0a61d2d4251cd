"""Refusals of the payments room."""

from app.core.errors import DomainError


class GatewayNotOffered(DomainError):
    """Switched off, or its plugin is gone."""

    code, message = "gateway_not_offered", "This way to pay is no longer offered. Please choose another."


class GatewayUnreachable(DomainError):
    """No answer. The payment stays as it is and is asked about again."""

    code, status = "gateway_unreachable", 503
    message = "The payment service does not answer at the moment. Nothing was charged; please try again."


class CallbackRefused(DomainError):
    """A message from outside that is not signed by the gateway."""

    code, message, status = "callback_refused", "This message is not signed by the gateway.", 400


class PaymentUnderWay(DomainError):
    """An order is paid by one payment at a time."""

    code, message = "payment_under_way", "A payment for this order is under way already."


class NotAwaitingMoney(DomainError):
    """Only a payment that still waits can be marked as received."""

    code, message = "not_awaiting_money", "No payment of this order is waiting for money."


class RefundAboveCaptured(DomainError):
    """What goes back never exceeds what came in. `most` is in minor units."""

    code, message, status = "refund_above_captured", "At most {most} of this payment can still be refunded.", 422


class RefundKeyReused(DomainError):
    """One key, one refund: the same key with another amount is a mistake."""

    code, message = "refund_key_reused", "This refund was requested before with another amount."
