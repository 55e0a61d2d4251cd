"""Facts about money."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class PaymentCaptured(Fact, name="payments.payment_captured", version=1, tells=mark("A payment was received")):
    """The gateway has the money for an order. Amount in minor units."""

    payment_id: UUID
    order_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True)
class PaymentFailed(Fact, name="payments.payment_failed", version=1, tells=mark("A payment failed")):
    """A payment was declined, cancelled or given up; no money moved."""

    payment_id: UUID
    order_id: UUID
    reason: str
    gave_up: bool = False
    """The buyer took too long, so nobody is waiting on the gateway's page any more."""


@dataclass(frozen=True)
class PaymentHeld(Fact, name="payments.payment_held", version=1, tells=mark("A payment needs a decision")):
    """Money came that is not what was asked for; staff decide. Amount in minor units, as the gateway reports it."""

    payment_id: UUID
    order_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundSucceeded(Fact, name="payments.refund_succeeded", version=1, tells=mark("A refund was paid out")):
    """Money went back to the buyer. Amount in minor units."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundFailed(Fact, name="payments.refund_failed", version=1, tells=mark("A refund failed")):
    """The gateway refused a refund; the amount may be refunded again."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: int
    reason: str


@dataclass(frozen=True)
class RefundRequested(Fact, name="payments.refund_requested", version=1):
    """A refund was promised; the payments room itself sends it."""

    refund_id: UUID
