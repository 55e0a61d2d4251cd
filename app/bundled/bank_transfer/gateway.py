"""Bank transfer as a gateway that knows nothing by itself."""

from __future__ import annotations

from datetime import timedelta

from app.pluginapi import (
    Account,
    Callback,
    CallbackEvent,
    CallbackRefused,
    PaymentStatus,
    RefundRequest,
    RefundResult,
    Setting,
    Started,
    StartPayment,
    Status,
    mark,
)


class BankTransfer:
    """Nothing outside is asked: a payment waits until staff mark it as received."""

    code = "bank_transfer"
    title = mark("Bank transfer")
    settings: tuple[Setting, ...] = ()
    has_secret = False
    pays_later = True
    starts_enabled = True
    gives_up_after: timedelta | None = None

    def start(self, account: Account, payment: StartPayment) -> Started:
        """The payment's own id is the reference; the buyer stays in the shop."""
        return Started(payment.key)

    def fetch(self, account: Account, reference: str) -> PaymentStatus:
        """Only staff know better, and they do not ask here."""
        return PaymentStatus(Status.PENDING, 0, "")

    def cancel(self, account: Account, reference: str) -> PaymentStatus:
        """No money moves by itself, so it can always be closed."""
        return PaymentStatus(Status.FAILED, 0, "", mark("The buyer chose another way to pay."))

    def refund(self, account: Account, refund: RefundRequest) -> RefundResult:
        """Staff send the money back by hand; the promise is what is recorded."""
        return RefundResult(succeeded=True, reference=refund.key)

    def verify_callback(self, account: Account, callback: Callback) -> CallbackEvent:
        """No bank calls back, so whoever does is refused."""
        raise CallbackRefused()
