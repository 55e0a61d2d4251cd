"""Tables of the customers room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from app.core import clock
from app.core.db import TenantModel, TenantRow, Timestamps, owned_by, related

BY_CHARACTER = Text(collation="C")
"""Text whose beginnings are found by an index, whatever language the database sorts by."""


class Customer(TenantModel, Timestamps):
    """A person who bought or signed up. Without a password the row is a guest."""

    __tablename__ = "customer"
    personal = frozenset({"email", "name", "name_key", "surname_key", "phone", "note", "search"})
    __table_args__ = (
        UniqueConstraint("tenant_id", "email"),
        Index("ix_customer_recent", "tenant_id", "created_at", "id"),
        Index("ix_customer_updated", "tenant_id", "updated_at", "id"),
        Index("ix_customer_spent", "tenant_id", "spent", "id"),
        Index("ix_customer_order_count", "tenant_id", "order_count", "id"),
        Index("ix_customer_name", "tenant_id", "name_key", "id"),
        Index("ix_customer_surname", "tenant_id", "surname_key"),
        CheckConstraint(
            "password_hash is null or email_proved_at is not null",
            name="account_has_proved_address",
        ),
    )
    email: Mapped[str] = mapped_column(BY_CHARACTER)
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(BY_CHARACTER, default="")
    """The name without capitals and accents, as the list sorts and searches it."""

    surname_key: Mapped[str] = mapped_column(BY_CHARACTER, default="")
    """The same with its last word first."""

    phone: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    email_proved_at: Mapped[datetime | None]
    credentials_version: Mapped[int] = mapped_column(default=0)
    accepts_marketing: Mapped[bool] = mapped_column(default=False)
    consent_at: Mapped[datetime | None]
    """When the wish to get news, or not to, was last changed."""

    consent_by: Mapped[str] = mapped_column(default="")
    """Who changed it: a member of staff by name; empty for the customer."""

    order_count: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    """Minor units of the shop's currency after refunds. The orders room keeps this and the two beside it."""

    last_order_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """When the personal data was erased on request; orders keep what the law wants kept."""

    note: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="")

    tags: Mapped[list[str] | None] = query_expression()
    """The words that staff put on it, where a query asked for them."""

    beside: Mapped[list[int] | None] = query_expression()
    """The numbers on the list's tabs, which the database adds to each row of a page to save a question."""

    addresses: Mapped[list["Address"]] = related(
        "Address",
        back_populates="customer",
        cascade="all, delete-orphan",
        order_by="desc(Address.is_default), Address.id",
    )

    def set_consent(self, wish: bool, *, at: datetime, by: str = "") -> None:
        """Note a wish to get news or not, and since when; saying the same again changes nothing."""
        if self.accepts_marketing is not wish:
            self.accepts_marketing, self.consent_at, self.consent_by = wish, at, by

    @property
    def has_account(self) -> bool:
        """True once the address was proved and a password chosen."""
        return self.password_hash is not None

    @property
    def display_name(self) -> str:
        """The name, or the address for people who never gave one."""
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the round mark in lists."""
        words = self.display_name.split()
        letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
        return letters.upper()


class CustomerTag(TenantRow):
    """A word that staff put on a customer, to find them again."""

    __tablename__ = "customer_tag"
    __table_args__ = (
        owned_by("customer_id", "customer", ondelete="CASCADE"),
        Index("ix_customer_tag_tag", "tenant_id", "tag", "customer_id"),
    )
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


class EntryLink(TenantModel):
    """A mailed link that signs a customer in: works once, for a quarter of an hour. Only its hash is here."""

    __tablename__ = "customer_entry_link"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        owned_by("customer_id", "customer", ondelete="CASCADE"),
        Index("ix_customer_entry_link_customer_id", "tenant_id", "customer_id"),
        Index("ix_customer_entry_link_expiry", "tenant_id", "expires_at"),
    )
    token_hash: Mapped[bytes]
    customer_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]


class Address(TenantModel, Timestamps):
    """A postal address in a customer's address book; at most one is the default."""

    __tablename__ = "customer_address"
    personal = frozenset({"name", "company", "line1", "line2", "postal_code", "city", "region", "phone"})
    __table_args__ = (
        owned_by("customer_id", "customer", ondelete="CASCADE"),
        Index("ix_customer_address_customer", "tenant_id", "customer_id"),
        Index(
            "uq_customer_address_default",
            "tenant_id",
            "customer_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )
    customer_id: Mapped[UUID]
    name: Mapped[str]
    company: Mapped[str] = mapped_column(default="")
    line1: Mapped[str]
    line2: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    is_default: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = related("Customer", back_populates="addresses")

    def as_dict(self) -> dict[str, str]:
        """The address as orders and checkout carry it."""
        return {field: getattr(self, field) for field in ADDRESS_FIELDS}


ADDRESS_FIELDS = (
    "name",
    "company",
    "line1",
    "line2",
    "postal_code",
    "city",
    "region",
    "country",
    "phone",
)
