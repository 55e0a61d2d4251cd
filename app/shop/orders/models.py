"""Tables of the orders room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from app.core import clock
from app.core.db import TenantModel, TenantRow, Timestamps, one_of, owned_by, related

STATUSES = ("pending", "placed", "completed", "cancelled")
PAYMENT_STATUSES = ("unpaid", "pending", "paid", "partially_refunded", "refunded", "failed")
FULFILMENT_STATUSES = ("unfulfilled", "partly_fulfilled", "fulfilled")
ENTRY_KINDS = (
    "received",
    "placed",
    "payment",
    "fulfilment",
    "refund",
    "cancellation",
    "mail",
    "note",
    "attention",
)
BULK_ACTIONS = ("fulfil", "cancel", "archive", "unarchive", "tag", "untag")
IS_TO_FULFIL = "status = 'placed' and fulfilment_status <> 'fulfilled'"
IS_OWED = "status <> 'cancelled' and payment_status in ('unpaid', 'pending', 'failed')"
BY_CHARACTER = Text(collation="C")
"""Text whose beginnings are found by an index, whatever language the database sorts by."""


class Order(TenantModel, Timestamps):
    """A purchase. What was bought never changes; only its three states and its money move.

    `status` is pending until the payment is certain enough to deliver (captured, or promised by a
    bank transfer), then placed, and at the end completed or cancelled. Amounts are minor units of
    `currency`; `tax` is contained in `total`.
    """

    __tablename__ = "order"
    personal = frozenset(
        {"email", "customer_name", "name_key", "surname_key", "search", "shipping_name", "shipping_address",
         "billing_address", "note"}
    )  # fmt: skip
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "cart_id"),
        owned_by("customer_id", "customer"),
        one_of("status", STATUSES),
        one_of("payment_status", PAYMENT_STATUSES),
        one_of("fulfilment_status", FULFILMENT_STATUSES),
        CheckConstraint("paid >= 0 and refunded >= 0 and refunded <= paid", name="money"),
        CheckConstraint("total >= 0", name="total"),
        Index("ix_order_recent", "tenant_id", "placed_at", "id"),
        Index("ix_order_updated", "tenant_id", "updated_at", "id"),
        Index("ix_order_kept", "tenant_id", "is_archived", "placed_at", "id"),
        Index("ix_order_kept_total", "tenant_id", "is_archived", "total", "id"),
        Index("ix_order_status", "tenant_id", "status", "placed_at", "id"),
        Index("ix_order_payment", "tenant_id", "payment_status", "placed_at", "id"),
        Index("ix_order_fulfilment", "tenant_id", "fulfilment_status", "placed_at", "id"),
        Index("ix_order_to_fulfil", "tenant_id", "placed_at", "id", postgresql_where=text(IS_TO_FULFIL)),
        Index("ix_order_owed", "tenant_id", "placed_at", "id", postgresql_where=text(IS_OWED)),
        Index("ix_order_attention", "tenant_id", "placed_at", "id", postgresql_where=text("attention <> ''")),
        Index("ix_order_customer", "tenant_id", "customer_id", "placed_at"),
        Index("ix_order_email", "tenant_id", "email"),
        Index("ix_order_name", "tenant_id", "name_key"),
        Index("ix_order_surname", "tenant_id", "surname_key"),
    )
    number: Mapped[str]
    cart_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    email: Mapped[str] = mapped_column(BY_CHARACTER)
    customer_name: Mapped[str]
    locale: Mapped[str]
    search: Mapped[str]
    name_key: Mapped[str] = mapped_column(BY_CHARACTER, default="")
    """The buyer's name without capitals and accents, as the list's search compares it."""

    surname_key: Mapped[str] = mapped_column(BY_CHARACTER, default="")
    """The same with its last word first, so that a family name is found by its beginning."""

    status: Mapped[str] = mapped_column(default="pending")
    payment_status: Mapped[str] = mapped_column(default="unpaid")
    fulfilment_status: Mapped[str] = mapped_column(default="unfulfilled")
    placed_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(default="")
    holds_stock: Mapped[bool] = mapped_column(default=True)
    attention: Mapped[str] = mapped_column(default="")
    """What a person must look at, such as money that does not fit; empty when all is well."""

    currency: Mapped[str]
    subtotal: Mapped[int]
    shipping: Mapped[int]
    tax: Mapped[int]
    total: Mapped[int]
    paid: Mapped[int] = mapped_column(default=0)
    refunded: Mapped[int] = mapped_column(default=0)
    prices_include_tax: Mapped[bool]
    tax_lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    item_count: Mapped[int]

    shipping_address: Mapped[dict[str, str]]
    billing_address: Mapped[dict[str, str]]
    shipping_name: Mapped[str] = mapped_column(default="")
    payment_gateway: Mapped[str] = mapped_column(default="")
    payment_title: Mapped[str] = mapped_column(default="")
    payment_instructions: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    gave_up: Mapped[bool] = mapped_column(default=False)
    is_counted_as_sold: Mapped[bool] = mapped_column(default=False)
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    """Put away by staff: not in the lists any more, still found by search."""

    tags: Mapped[list[str] | None] = query_expression()
    """The words on it, where a query asked for them (queries.lists.TAGS)."""

    beside: Mapped[list[int] | None] = query_expression()
    """The numbers on the list's tabs, which the database adds to each row of a page to save a question."""

    lines: Mapped[list["OrderLine"]] = related(
        "OrderLine", back_populates="order", cascade="all", order_by="OrderLine.position"
    )
    fulfilments: Mapped[list["Fulfilment"]] = related("Fulfilment", cascade="all", order_by="Fulfilment.id")

    @property
    def can_be_cancelled(self) -> bool:
        """Until the first parcel leaves; after that it is a return."""
        return self.status in {"pending", "placed"} and self.fulfilment_status == "unfulfilled"

    @property
    def can_be_fulfilled(self) -> bool:
        """Confirmed and not everything has left."""
        return self.status == "placed" and self.fulfilment_status != "fulfilled"

    @property
    def can_be_archived(self) -> bool:
        """Nothing is left to do: completed or cancelled."""
        return self.status in {"completed", "cancelled"} and not self.is_archived

    @property
    def refundable(self) -> int:
        """Minor units that were captured and not yet given back."""
        return self.paid - self.refunded

    @property
    def outstanding(self) -> int:
        """Minor units still owed; nothing is owed for a cancelled order."""
        return 0 if self.status == "cancelled" else max(self.total - self.paid, 0)

    @property
    def can_be_marked_paid(self) -> bool:
        """Confirmed before the money came, as with a bank transfer."""
        return self.status in {"placed", "completed"} and self.paid == 0 and self.total > 0

    @property
    def is_settled(self) -> bool:
        """Whatever was owed arrived."""
        return self.payment_status in {"paid", "partially_refunded", "refunded"}


class OrderLine(TenantModel):
    """One variant as it was sold. The product may change or vanish; this stays."""

    __tablename__ = "order_line"
    __table_args__ = (
        owned_by("order_id", "order", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("fulfilled >= 0 and fulfilled <= quantity", name="fulfilled"),
        Index("ix_order_line_variant", "tenant_id", "variant_id"),
    )
    order_id: Mapped[UUID]
    position: Mapped[int]
    variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    handle: Mapped[str] = mapped_column(default="")
    product_title: Mapped[str]
    variant_title: Mapped[str] = mapped_column(default="")
    sku: Mapped[str] = mapped_column(default="")
    image_key: Mapped[str] = mapped_column(default="")
    quantity: Mapped[int]
    unit_price: Mapped[int]
    tax_rate: Mapped[str] = mapped_column(default="")
    fulfilled: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = related("Order", back_populates="lines")

    @property
    def total(self) -> int:
        """Minor units for the whole line."""
        return self.unit_price * self.quantity

    @property
    def remaining(self) -> int:
        """Pieces that have not left yet."""
        return self.quantity - self.fulfilled

    @property
    def title(self) -> str:
        """Product and variant in one phrase."""
        return f"{self.product_title}, {self.variant_title}" if self.variant_title else self.product_title


class Fulfilment(TenantModel):
    """One parcel that left; `contents` lists {"line_id", "title", "quantity"}."""

    __tablename__ = "fulfilment"
    __table_args__ = (
        owned_by("order_id", "order", ondelete="CASCADE"),
        Index("ix_fulfilment_order", "tenant_id", "order_id"),
    )
    order_id: Mapped[UUID]
    shipped_at: Mapped[datetime] = mapped_column(default=clock.now)
    carrier: Mapped[str] = mapped_column(default="")
    tracking_number: Mapped[str] = mapped_column(default="")
    tracking_url: Mapped[str] = mapped_column(default="")
    contents: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class OrderMoney(TenantModel):
    """A payment or refund that was counted into an order, so that it is counted once."""

    __tablename__ = "order_money"
    is_audited = False
    __table_args__ = (
        owned_by("order_id", "order", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "kind", "reference"),
        one_of("kind", ("payment", "refund")),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_order_money_order", "tenant_id", "order_id"),
    )
    order_id: Mapped[UUID]
    kind: Mapped[str]
    reference: Mapped[UUID]
    amount: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class OrderTag(TenantRow):
    """A word that staff put on an order, to find it again."""

    __tablename__ = "order_tag"
    __table_args__ = (
        owned_by("order_id", "order", ondelete="CASCADE"),
        Index("ix_order_tag_tag", "tenant_id", "tag", "order_id"),
    )
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


class OrderBulk(TenantModel, Timestamps):
    """One action on many orders, and what became of each.

    `wanted` is the list's filter when all that match were meant, and `cursor` how far it has been worked through.
    """

    __tablename__ = "order_bulk"
    is_audited = False
    __table_args__ = (one_of("action", BULK_ACTIONS), one_of("state", ("running", "done")))
    action: Mapped[str]
    argument: Mapped[str] = mapped_column(default="")
    """The tag, or the reason of a cancellation."""

    restock: Mapped[bool] = mapped_column(default=True)
    wanted: Mapped[dict[str, str]] = mapped_column(default=dict)
    cursor: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="running")
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str] = mapped_column(default="")
    undoes: Mapped[UUID | None]
    """The bulk action that this one takes back."""


class OrderBulkRow(TenantModel):
    """What one bulk action did to one order; `problem` is empty where it worked."""

    __tablename__ = "order_bulk_row"
    is_audited = False
    __table_args__ = (
        owned_by("bulk_id", "order_bulk", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "bulk_id", "number"),
    )
    bulk_id: Mapped[UUID]
    number: Mapped[str]
    problem: Mapped[str] = mapped_column(default="")


class TimelineEntry(TenantModel):
    """Something that happened to an order, or a note of the staff.

    What happened by itself is a `code` with `details`, so that it reads in each person's own language; `text` is the
    same in English, or what somebody typed.
    """

    __tablename__ = "order_entry"
    is_audited = False
    __table_args__ = (
        owned_by("order_id", "order", ondelete="CASCADE"),
        one_of("kind", ENTRY_KINDS),
        Index("ix_order_entry_order", "tenant_id", "order_id", "at", "id"),
    )
    order_id: Mapped[UUID]
    kind: Mapped[str]
    text: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
