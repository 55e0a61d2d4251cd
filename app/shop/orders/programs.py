"""What programs send to the orders room and read from it. Amounts are minor units of the order's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.core import keyset
from app.core.i18n import gettext
from app.core.rest import Synced
from app.core.text import looks_like_email

Id = Annotated[str, Meta(max_length=90)]
Short = Annotated[str, Meta(max_length=120)]
Amount = Annotated[int, Meta(ge=0, le=10**12)]
Tag = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
MOST_LINES = 100
MOST_AT_ONCE = 200


class OrdersOfCustomer(Synced, forbid_unknown_fields=True, kw_only=True):
    """A page of somebody's orders; moments are such as 2026-11-22T00:00:00Z, and an order is made when it is placed."""

    sort: Literal["-placed_at", "placed_at", "-total", "total", "-updated_at", "updated_at"] = "-placed_at"

    def problems(self) -> dict[str, str]:
        """A cursor that we made."""
        found = super().problems()
        if self.cursor and not keyset.is_readable(self.cursor):
            found["cursor"] = gettext("This cursor is not one of ours.")
        return found


class ListOrders(OrdersOfCustomer, forbid_unknown_fields=True, kw_only=True):
    """Filters of GET /orders."""

    status: Literal["", "pending", "placed", "completed", "cancelled"] = ""
    payment_status: Literal["", "unpaid", "pending", "paid", "partially_refunded", "refunded", "failed"] = ""
    fulfilment_status: Literal["", "unfulfilled", "partly_fulfilled", "fulfilled"] = ""
    number: Annotated[str, Meta(max_length=20)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    customer_id: Id = ""
    tag: Annotated[str, Meta(max_length=40)] = ""
    archived: bool | None = None


class AddressWritten(Struct, forbid_unknown_fields=True):
    """A postal address; `country` is an ISO 3166-1 code of two capital letters."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    line1: Annotated[str, Meta(min_length=1, max_length=120)]
    city: Annotated[str, Meta(min_length=1, max_length=120)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    company: Short = ""
    line2: Short = ""
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    region: Short = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class LineWritten(Struct, forbid_unknown_fields=True):
    """So many pieces of a variant; without `unit_price` they cost what the catalogue says."""

    variant_id: Id
    quantity: Annotated[int, Meta(ge=1, le=100_000)]
    unit_price: Amount | None = None


class DeliveryWritten(Struct, forbid_unknown_fields=True):
    """A way of delivery that stands in no zone, with its price."""

    name: Short
    amount: Amount


class OrderWritten(Struct, forbid_unknown_fields=True):
    """An order that somebody took elsewhere: on the phone, at a fair, on another market.

    Either `email` or `customer_id` says whose it is. Without `shipping_rate_id` and without `delivery` the cheapest
    rate of the destination is taken. `payment` is "awaiting" until the money comes, or "paid" when it is here.
    """

    lines: Annotated[list[LineWritten], Meta(min_length=1, max_length=MOST_LINES)]
    shipping_address: AddressWritten
    email: Annotated[str, Meta(max_length=254)] = ""
    customer_id: Id | None = None
    billing_address: AddressWritten | None = None
    shipping_rate_id: Id | None = None
    delivery: DeliveryWritten | None = None
    payment: Literal["awaiting", "paid"] = "awaiting"
    payment_method: Annotated[str, Meta(max_length=60)] = ""
    note: Annotated[str, Meta(max_length=1000)] = ""
    tags: Annotated[list[Tag], Meta(max_length=20)] = []

    def problems(self) -> dict[str, str]:
        """Somebody must have ordered, and is reached by mail."""
        if self.customer_id and self.email:
            return {"email": gettext("Name the customer or an address, not both.")}
        if not self.customer_id and not looks_like_email(self.email):
            return {"email": gettext("Write an e-mail address such as name@example.com.")}
        if self.shipping_rate_id and self.delivery:
            return {"delivery": gettext("Name a rate or a price, not both.")}
        return {}


class QuoteWanted(Struct, forbid_unknown_fields=True):
    """What would be ordered, and where it would go."""

    lines: Annotated[list[LineWritten], Meta(min_length=1, max_length=MOST_LINES)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class RateQuoteOut(Struct):
    """A way of delivery with its price for these lines."""

    id: str
    name: str
    amount: int
    delivery_time: str


class QuoteOut(Struct):
    """What the lines cost without delivery, and how they could be delivered, cheapest first."""

    currency: str
    subtotal: int
    tax: int
    total: int
    prices_include_tax: bool
    rates: list[RateQuoteOut]


class TagsWritten(Struct, forbid_unknown_fields=True):
    """All words that an order shall have."""

    tags: Annotated[list[Tag], Meta(max_length=100)]


class ManyOrders(Struct, forbid_unknown_fields=True):
    """One action on many orders. `tag` belongs to tag and untag, `reason` and `restock` to cancel."""

    action: Literal["fulfil", "cancel", "archive", "unarchive", "tag", "untag"]
    order_ids: Annotated[list[Id], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    tag: Annotated[str, Meta(max_length=40)] = ""
    reason: Annotated[str, Meta(max_length=500)] = ""
    restock: bool = True

    def problems(self) -> dict[str, str]:
        """A tag needs its word."""
        is_missing = self.action in {"tag", "untag"} and not self.tag.strip()
        return {"tag": gettext("Write the tag.")} if is_missing else {}


class RowOfMany(Struct):
    """What became of one order; an empty problem means that it is done."""

    number: str
    problem: str


class ManyOut(Struct):
    """One action on many orders, and what became of each: `done` and `refused` count them."""

    id: str
    action: str
    state: str
    done: int
    refused: int
    rows: list[RowOfMany]


class EntryOut(Struct):
    """What happened to an order: when, of which kind, said in one sentence, by whom (empty: by itself)."""

    at: datetime
    kind: str
    text: str
    by: str


class TimelineOut(Struct):
    """The history of an order, newest first."""

    data: list[EntryOut]


class AddressOut(Struct):
    """A postal address; `country` is an ISO 3166-1 code."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class OrderLineOut(Struct):
    """One variant as it was sold; `unit_price` and `total` in minor units of the order's currency."""

    id: str
    variant_id: str
    product_id: str
    product_title: str
    variant_title: str
    sku: str
    quantity: int
    fulfilled: int
    unit_price: int
    total: int


class ParcelItemOut(Struct):
    """Pieces of one line in a parcel."""

    line_id: str
    quantity: int


class FulfilmentOut(Struct):
    """A parcel that left."""

    id: str
    shipped_at: datetime
    carrier: str
    tracking_number: str
    tracking_url: str
    items: list[ParcelItemOut]


class TaxLineOut(Struct):
    """All tax of one name; `rate` is a decimal fraction such as "0.23"."""

    name: str
    rate: str
    amount: int


class OrderOut(Struct):
    """An order; amounts in minor units of `currency` (1250 is 12.50 EUR)."""

    id: str
    number: str
    status: str
    payment_status: str
    fulfilment_status: str
    placed_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    updated_at: datetime
    email: str
    customer_id: str | None
    customer_name: str
    currency: str
    subtotal: int
    shipping: int
    tax: int
    total: int
    paid: int
    refunded: int
    prices_include_tax: bool
    tax_lines: list[TaxLineOut]
    shipping_name: str
    payment_method: str
    note: str
    attention: str
    """What a person must look at; empty when all is well."""
    is_archived: bool
    tags: list[str]
    shipping_address: AddressOut
    billing_address: AddressOut
    lines: list[OrderLineOut]
    fulfilments: list[FulfilmentOut]


def tax_line(one: dict[str, Any]) -> TaxLineOut:
    """A tax line as an order keeps it."""
    return TaxLineOut(str(one.get("name", "")), str(one.get("rate", "")), int(one.get("amount", 0)))
