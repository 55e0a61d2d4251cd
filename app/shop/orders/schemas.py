"""What the orders room accepts, one schema a command."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.core.forms import MoneyField
from app.core.i18n import gettext
from app.core.i18n import gettext as _

Reason = Annotated[str, Meta(max_length=500)]


@dataclass(frozen=True)
class NewLine:
    """One variant to sell; `unit_price` in minor units as shown to the buyer, `tax_rate` such as "0.23"."""

    variant_id: UUID
    quantity: int
    unit_price: int
    tax_rate: str = ""


@dataclass(frozen=True)
class NewOrder:
    """Everything the checkout settled. Amounts are minor units and come from the server's own quote.

    With `prices_include_tax` the total is subtotal + shipping, else subtotal + shipping + tax. Without a
    `customer_id` the buyer is remembered as a guest by e-mail address. `shipping_address` and
    `billing_address` have the keys name, company, line1, line2, postal_code, city, region, country, phone.
    """

    cart_id: UUID
    email: str
    lines: tuple[NewLine, ...]
    shipping_address: dict[str, str]
    currency: str
    subtotal: int
    shipping: int
    tax: int
    total: int
    prices_include_tax: bool
    payment_gateway: str
    payment_title: str = ""
    payment_instructions: str = ""
    shipping_name: str = ""
    billing_address: dict[str, str] | None = None
    tax_lines: tuple[dict[str, Any], ...] = field(default=())
    customer_id: UUID | None = None
    accepts_marketing: bool = False
    note: str = ""
    locale: str = "en"
    is_sample: bool = False


class OrderFilter(Struct, forbid_unknown_fields=True):
    """State of the orders list, as it stands in the URL."""

    view: Literal["all", "to_fulfil", "unpaid", "completed", "cancelled", "archived", "attention"] = "all"
    q: Annotated[str, Meta(max_length=100)] = ""
    payment: Literal["", "unpaid", "pending", "paid", "partially_refunded", "refunded", "failed"] = ""
    fulfilment: Literal["", "unfulfilled", "partly_fulfilled", "fulfilled"] = ""
    since: Literal["", "today", "7", "30", "90"] = ""
    tag: Annotated[str, Meta(max_length=40)] = ""
    sort: Literal["newest", "oldest", "total_high", "total_low"] = "newest"
    cursor: Annotated[str, Meta(max_length=400)] = ""


class Bulk(Struct, forbid_unknown_fields=True):
    """An action on the ticked orders, or with `everything` on all that the filter finds.

    The filter's own fields travel along. Cancelling asks first and comes back `confirmed`.
    """

    action: Literal["fulfil", "cancel", "archive", "unarchive", "tag", "untag", "print", "export"]
    numbers: Annotated[list[str], Meta(max_length=200)] = []
    everything: bool = False
    tag_name: Annotated[str, Meta(max_length=40)] = ""
    reason: Reason = ""
    restock: bool = False
    confirmed: bool = False
    query: Annotated[str, Meta(max_length=1000)] = ""

    def problems(self) -> dict[str, str]:
        """Something must be meant, and a tag needs its word."""
        if not self.numbers and not self.everything:
            return {"": _("Tick the orders first.")}
        if self.action in {"tag", "untag"} and not self.tag_name.strip():
            return {"tag_name": _("Write the tag.")}
        return {}


class ShowBulk(Struct, forbid_unknown_fields=True):
    """What became of each order; `show` narrows to those that were refused."""

    show: Literal["", "problems"] = ""
    cursor: Annotated[str, Meta(max_length=400)] = ""


class TagOrder(Struct, forbid_unknown_fields=True):
    """A word for an order."""

    tag: Annotated[str, Meta(min_length=1, max_length=40)]


class FulfilLine(Struct, forbid_unknown_fields=True):
    """How many pieces of one line leave now."""

    line_id: UUID
    quantity: Annotated[int, Meta(ge=0, le=100_000)]


class Fulfil(Struct, forbid_unknown_fields=True):
    """A parcel leaves; without lines everything that is left goes."""

    carrier: Annotated[str, Meta(max_length=80)] = ""
    tracking_number: Annotated[str, Meta(max_length=80)] = ""
    tracking_url: Annotated[str, Meta(max_length=500)] = ""
    lines: list[FulfilLine] = []

    def problems(self) -> dict[str, str]:
        """A tracking address is a web address."""
        if self.tracking_url and not self.tracking_url.startswith(("https://", "http://")):
            return {"tracking_url": gettext("Write a web address that begins with https://.")}
        return {}


class CancelOrder(Struct, forbid_unknown_fields=True):
    """Why, and whether the goods go back on the shelf."""

    reason: Reason = ""
    restock: bool = False


class RefundAmount(Struct, forbid_unknown_fields=True):
    """How much is to go back, before it is confirmed."""

    amount: MoneyField


class RefundOrder(Struct, forbid_unknown_fields=True):
    """A confirmed refund; the key makes a doubled submit the same refund."""

    amount: MoneyField
    key: Annotated[str, Meta(min_length=8, max_length=80)]


class ConfirmOnly(Struct, forbid_unknown_fields=True):
    """A button; the address says everything."""


class AddNote(Struct, forbid_unknown_fields=True):
    """A note that only staff see."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]

    def problems(self) -> dict[str, str]:
        """Spaces alone say nothing."""
        return {} if self.text.strip() else {"text": gettext("Write a note first.")}


class TrackOrder(Struct, forbid_unknown_fields=True):
    """Number and e-mail address of an order, as its buyer knows them."""

    number: Annotated[str, Meta(min_length=1, max_length=20)]
    email: Annotated[str, Meta(min_length=3, max_length=254)]


# --- for programs ---------------------------------------------------------------------------------------------


class RefundWritten(Struct, forbid_unknown_fields=True):
    """Money that goes back, in minor units of the order's currency; the same key is the same refund."""

    amount: Annotated[int, Meta(ge=1, le=10**12)]
    key: Annotated[str, Meta(min_length=8, max_length=80)]


class FulfilItem(Struct, forbid_unknown_fields=True):
    """Pieces of one line that leave."""

    line_id: str
    quantity: Annotated[int, Meta(ge=1, le=100_000)]


class NewFulfilment(Struct, forbid_unknown_fields=True):
    """A parcel; without items everything that is left goes."""

    carrier: Annotated[str, Meta(max_length=80)] = ""
    tracking_number: Annotated[str, Meta(max_length=80)] = ""
    tracking_url: Annotated[str, Meta(max_length=500, pattern="^(https?://.*)?$")] = ""
    items: Annotated[list[FulfilItem], Meta(max_length=500)] = []


class CancelIt(Struct, forbid_unknown_fields=True):
    """Why, and whether the goods go back into stock."""

    reason: Reason = ""
    restock: bool = True
