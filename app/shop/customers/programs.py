"""What programs send to the customers room and read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.core import keyset
from app.core.i18n import gettext
from app.core.rest import Synced

Id = Annotated[str, Meta(max_length=90)]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]


class ListCustomers(Synced, forbid_unknown_fields=True, kw_only=True):
    """Which customers to list. `q` is the beginning of a name or an e-mail address."""

    q: Annotated[str, Meta(max_length=100)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    kind: Literal["all", "accounts", "guests", "marketing", "returning"] = "all"
    tag: Annotated[str, Meta(max_length=40)] = ""
    sort: Literal[
        "-created_at", "created_at", "-updated_at", "updated_at", "name", "-name", "-spent", "spent", "-order_count",
        "order_count",
    ] = "-created_at"  # fmt: skip

    def problems(self) -> dict[str, str]:
        """A cursor that we made."""
        found = super().problems()
        if self.cursor and not keyset.is_readable(self.cursor):
            found["cursor"] = gettext("This cursor is not one of ours.")
        return found


class CustomerOut(Struct):
    """A customer. `spent` is what they paid after refunds, in minor units of `currency`."""

    id: str
    email: str
    name: str
    phone: str
    has_account: bool
    accepts_marketing: bool
    consent_at: datetime | None
    note: str
    tags: list[str]
    order_count: int
    spent: int
    currency: str
    last_order_at: datetime | None
    erased_at: datetime | None
    created_at: datetime
    updated_at: datetime


class TagsWritten(Struct, forbid_unknown_fields=True):
    """All words that a customer shall have."""

    tags: Annotated[list[Tag], Meta(max_length=100)]


class AddressOut(Struct):
    """An address of somebody's book; at most one is the default."""

    id: str
    name: str
    company: str
    line1: str
    line2: str
    postal_code: str
    city: str
    region: str
    country: str
    phone: str
    is_default: bool


class AddressesOut(Struct):
    """Somebody's address book, the default first."""

    data: list[AddressOut]


class ManyCustomers(Struct, forbid_unknown_fields=True):
    """One change to many customers. `tag` belongs to tag and untag; nobody is ever signed up by the dozen."""

    action: Literal["tag", "untag", "no_marketing"]
    customer_ids: Annotated[list[Id], Meta(min_length=1, max_length=200)]
    tag: Annotated[str, Meta(max_length=40)] = ""

    def problems(self) -> dict[str, str]:
        """A tag needs its word."""
        is_missing = self.action in {"tag", "untag"} and not self.tag.strip()
        return {"tag": gettext("Write the tag.")} if is_missing else {}


class ManyChanged(Struct):
    """How many customers were changed."""

    changed: int


class CopyOfData(Struct):
    """Everything that the shop knows about one person (GDPR, article 15)."""

    customer: dict[str, Any]
    tags: list[str]
    addresses: list[dict[str, str]]
    orders: list[Any]
