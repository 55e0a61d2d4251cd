"""What the pretended bank knows. The shop reads none of it except through the gateway's port."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.pluginapi import TenantModel, Timestamps, one_of

OPEN, CHALLENGED, APPROVED, DECLINED, LATER, SILENT, CLOSED = (
    "open",
    "challenged",
    "approved",
    "declined",
    "later",
    "silent",
    "closed",
)


class TestpaySession(TenantModel, Timestamps):
    """One payment as the bank sees it. Undecided until the buyer, or time, decides."""

    __test__ = False  # pytest takes every class called Test... for a test
    __tablename__ = "testpay_session"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        one_of("status", (OPEN, CHALLENGED, APPROVED, DECLINED, LATER, SILENT, CLOSED)),
        CheckConstraint("refunded between 0 and amount", name="refunded_at_most_amount"),
    )
    key: Mapped[str]
    """The shop's idempotency key."""

    amount: Mapped[int]
    currency: Mapped[str]
    description: Mapped[str]
    return_url: Mapped[str]
    status: Mapped[str] = mapped_column(default=OPEN)
    refunded: Mapped[int] = mapped_column(default=0)
    refunds: Mapped[dict] = mapped_column(default=dict)
    """Amounts that went back, by the shop's key."""

    @property
    def is_undecided(self) -> bool:
        """Whether the buyer may still choose."""
        return self.status in {OPEN, CHALLENGED}
