"""Carts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps, one_of, owned_by
from app.core.ids import new_id

OPEN, PLACED, DONE = "open", "placed", "done"


class Cart(TenantModel, Timestamps):
    """What one browser is about to buy. The browser holds a random token, the row only its hash."""

    __tablename__ = "cart"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        one_of("state", (OPEN, PLACED, DONE)),
        Index("ix_cart_order", "tenant_id", "order_id"),
        Index("ix_cart_updated", "tenant_id", "updated_at"),
        Index("ix_cart_created", "tenant_id", "created_at"),
    )
    token_hash: Mapped[str]
    state: Mapped[str] = mapped_column(default=OPEN)
    attempt_id: Mapped[UUID] = mapped_column(default=new_id)
    """Given to the order as its cart. A payment that failed starts a new attempt; a doubled click does not."""

    order_id: Mapped[UUID | None]
    """The order of this attempt, once placed."""

    payment_id: Mapped[UUID | None]
    placed_print: Mapped[str] = mapped_column(default="")
    """Fingerprint of what was placed, to see whether a second submit means the same."""

    placed_lines: Mapped[dict] = mapped_column(default=dict)
    """Quantities that the order holds, by variant: its own stock is not missing to this cart."""

    draft: Mapped[dict] = mapped_column(default=dict)
    """What the buyer typed into the checkout so far."""


class CartLine(TenantModel, Timestamps):
    """A quantity of one variant. The price is always the catalogue's; `seen_price` only tells that it moved."""

    __tablename__ = "cart_line"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "cart_id", "variant_id"),
        owned_by("cart_id", "cart", ondelete="CASCADE"),
        CheckConstraint("quantity between 1 and 99", name="cart_line_quantity_is_sensible"),
    )
    cart_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    quantity: Mapped[int]
    seen_title: Mapped[str] = mapped_column(default="")
    seen_price: Mapped[int] = mapped_column(default=0)
