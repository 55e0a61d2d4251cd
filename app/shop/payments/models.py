"""Payments, refunds and the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import EncryptedText
from app.core.db import TenantModel, Timestamps, one_of, owned_by

PAYMENT_STATUSES = CREATED, PENDING, CAPTURED, FAILED, EXPIRED, HELD, RETURNED = (
    "created",
    "pending",
    "captured",
    "failed",
    "expired",
    "held",
    "returned",
)
OPEN_STATUSES = (CREATED, PENDING)


class PaymentMethod(TenantModel, Timestamps):
    """A gateway as one shop offers it: switched on or off, named, and with its own keys."""

    __tablename__ = "payment_method"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)
    code: Mapped[str]
    title: Mapped[str]
    instructions: Mapped[str] = mapped_column(default="")
    is_enabled: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict] = mapped_column(default=dict)
    secret: Mapped[str] = mapped_column(EncryptedText("payment_method", "secret"), default="")


class Payment(TenantModel, Timestamps):
    """One attempt to pay one order through one gateway. An order has at most one that is undecided."""

    __tablename__ = "payment"
    __table_args__ = (
        one_of("status", PAYMENT_STATUSES),
        CheckConstraint("amount > 0", name="payment_is_of_something"),
        CheckConstraint("captured in (0, amount)", name="payment_captured_is_all_or_nothing"),
        CheckConstraint("refunded >= 0 and refunded <= captured", name="payment_never_refunded_above_captured"),
        Index(
            "uq_payment_open_order",
            "tenant_id",
            "order_id",
            unique=True,
            postgresql_where=text("status in ('created', 'pending', 'held')"),
        ),
        Index(
            "uq_payment_reference",
            "tenant_id",
            "gateway",
            "reference",
            unique=True,
            postgresql_where=text("reference is not null"),
        ),
        Index("ix_payment_unsettled", "tenant_id", "status", "expires_at"),
        Index("ix_payment_recent", "tenant_id", "created_at", "id"),
        Index("ix_payment_updated", "tenant_id", "updated_at", "id"),
        Index("ix_payment_order", "tenant_id", "order_id", "id"),
    )
    order_id: Mapped[UUID]
    """The order's id. Orders stand above payments, so there is no foreign key."""

    gateway: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(default=CREATED)
    reference: Mapped[str | None]
    """The gateway's name for it; empty until the gateway was reached."""

    redirect_url: Mapped[str] = mapped_column(default="")
    request: Mapped[dict] = mapped_column(default=dict)
    """What the gateway was told besides the amount, so that it can be told the same again."""

    captured: Mapped[int] = mapped_column(default=0)
    refunded: Mapped[int] = mapped_column(default=0)
    """Promised and paid refunds together."""

    reason: Mapped[str] = mapped_column(default="")
    """Why it failed, expired or is held: one sentence."""

    reported_amount: Mapped[int] = mapped_column(default=0)
    """What the gateway says came, in minor units of `reported_currency`, where that is not what was asked for."""

    reported_currency: Mapped[str] = mapped_column(default="")

    expires_at: Mapped[datetime | None]
    """Given up after this; None waits for ever (bank transfer)."""

    checked_at: Mapped[datetime | None]
    """When the gateway was last asked."""

    settled_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether the gateway may still decide."""
        return self.status in OPEN_STATUSES

    @property
    def refundable(self) -> int:
        """How much may still go back, in minor units."""
        return self.captured - self.refunded


class Refund(TenantModel, Timestamps):
    """Money that goes back for one payment. The key makes a repeated request the same refund."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        owned_by("payment_id", "payment"),
        one_of("status", ("requested", "succeeded", "failed")),
        CheckConstraint("amount > 0", name="refund_is_of_something"),
        Index("ix_refund_payment", "tenant_id", "payment_id"),
    )
    payment_id: Mapped[UUID]
    key: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(default="requested")
    reference: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    requested_by: Mapped[str] = mapped_column(default="")


class LedgerEntry(TenantModel):
    """A movement of money. Rows are only ever added: the app's database role may not change one."""

    __tablename__ = "ledger_entry"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        owned_by("payment_id", "payment"),
        one_of("kind", ("capture", "refund")),
        CheckConstraint("(kind = 'capture') = (amount > 0)", name="ledger_sign_follows_kind"),
        Index("ix_ledger_entry_order", "tenant_id", "order_id"),
    )
    payment_id: Mapped[UUID]
    order_id: Mapped[UUID]
    kind: Mapped[str]
    amount: Mapped[int]
    """In minor units; in is positive, out is negative."""

    currency: Mapped[str]
    key: Mapped[str]
    happened_at: Mapped[datetime]


class GatewayEvent(TenantModel):
    """A callback as it came. The same event id of the same gateway is taken once."""

    __tablename__ = "gateway_event"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "gateway", "event_id"),
        Index("ix_gateway_event_received", "tenant_id", "received_at"),
    )
    gateway: Mapped[str]
    event_id: Mapped[str]
    reference: Mapped[str]
    status: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    received_at: Mapped[datetime]
