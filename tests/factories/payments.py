"""A gateway that does as it is told, and payments through it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core import db
from app.core.access import system_actor
from app.shop.payments import hooks, service
from app.shop.payments.errors import CallbackRefused
from app.shop.payments.models import Payment
from app.shop.payments.schemas import NewPayment


@dataclass
class ObedientGateway:
    """Answers what a test has set, and counts what it was asked."""

    code: str = "obedient"
    title: str = "Obedient"
    settings: tuple[hooks.Setting, ...] = (hooks.Setting("account", "Account number", default="none"),)
    has_secret: bool = True
    pays_later: bool = False
    starts_enabled: bool = False
    gives_up_after: timedelta | None = timedelta(minutes=30)
    says: hooks.PaymentStatus | Exception = field(default_factory=lambda: pending())
    refunds_succeed: bool | Exception = True
    asked: list[Any] = field(default_factory=list)

    def start(self, account: hooks.Account, payment: hooks.StartPayment) -> hooks.Started:
        """The reference is the key."""
        self.asked.append(("start", payment.key))
        return hooks.Started(f"ref-{payment.key}", f"https://pay.example/{payment.key}")

    def fetch(self, account: hooks.Account, reference: str) -> hooks.PaymentStatus:
        """What the test has set."""
        self.asked.append(("fetch", reference))
        return self._answer()

    def cancel(self, account: hooks.Account, reference: str) -> hooks.PaymentStatus:
        """What the test has set; an undecided payment is closed."""
        self.asked.append(("cancel", reference))
        said = self._answer()
        return said if said.status is hooks.Status.CAPTURED else hooks.PaymentStatus(hooks.Status.FAILED, 0, "")

    def refund(self, account: hooks.Account, refund: hooks.RefundRequest) -> hooks.RefundResult:
        """As the test has set."""
        self.asked.append(("refund", refund.key, refund.amount))
        if isinstance(self.refunds_succeed, Exception):
            raise self.refunds_succeed
        return hooks.RefundResult(self.refunds_succeed, f"back-{refund.key}", "" if self.refunds_succeed else "No.")

    def verify_callback(self, account: hooks.Account, callback: hooks.Callback) -> hooks.CallbackEvent:
        """Signed means that the header says so."""
        if callback.headers.get("Signed") != "yes":
            raise CallbackRefused()
        told = json.loads(callback.body)
        status = hooks.PaymentStatus(hooks.Status(told["status"]), told["amount"], told["currency"])
        return hooks.CallbackEvent(told["id"], told["reference"], status)

    def _answer(self) -> hooks.PaymentStatus:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def pending() -> hooks.PaymentStatus:
    """Undecided."""
    return hooks.PaymentStatus(hooks.Status.PENDING, 5000, "EUR")


def captured(amount: int = 5000, currency: str = "EUR") -> hooks.PaymentStatus:
    """The money is there."""
    return hooks.PaymentStatus(hooks.Status.CAPTURED, amount, currency)


def failed(reason: str = "Declined.") -> hooks.PaymentStatus:
    """No money."""
    return hooks.PaymentStatus(hooks.Status.FAILED, 5000, "EUR", reason)


def callback(payment: Payment, status: str = "captured", **changes: Any) -> hooks.Callback:
    """A signed message about a payment."""
    told = {"id": "evt-1", "reference": payment.reference, "status": status, "amount": payment.amount}
    return hooks.Callback({"Signed": "yes"}, json.dumps(told | {"currency": payment.currency} | changes).encode())


@pytest.fixture
def gateway() -> Iterator[ObedientGateway]:
    """A gateway that is installed for the length of a test."""
    installed = ObedientGateway()
    hooks.register(installed)
    yield installed
    hooks._gateways.pop(installed.code)


@pytest.fixture
def begin_payment(in_shop: Any, gateway: ObedientGateway) -> Callable[..., Payment]:
    """Open and start a payment of 50 euro through the obedient gateway."""

    def begin(order_id: UUID | None = None, amount: int = 5000, start: bool = True) -> Payment:
        service.set_method(gateway.code, enabled=True, by=system_actor("tests"))
        new = NewPayment(order_id or uuid4(), amount, "EUR", gateway.code, "Order", "/checkout/return/{token}")
        payment = service.open_payment(new)
        db.checkpoint()
        if start:
            service.start(payment.id)
            db.checkpoint()
        return payment

    return begin
