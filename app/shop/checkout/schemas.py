"""What the checkout takes, and what its pages are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from app.core.i18n import gettext, mark
from app.core.text import looks_like_email
from app.shop.catalog.schemas import SellableVariant
from app.shop.payments.schemas import OfferedMethod
from app.shop.pricing.schemas import Totals
from app.shop.shipping.schemas import RateQuote

MOST_OF_ONE = 99
MOST_LINES = 100
WITHOUT_POSTAL_CODE = {"AE", "AG", "BS", "BZ", "BW", "FJ", "GH", "HK", "IE", "JM", "KE", "MO", "PA", "QA", "UG", "ZW"}
NO_EMAIL = mark("Please write an e-mail address such as name@example.com.")
ADDRESS_FIELDS = ("name", "company", "line1", "line2", "postal_code", "city", "region", "country", "phone")

Short = Annotated[str, Meta(max_length=120)]
Code = Annotated[str, Meta(max_length=60)]


class AddToCart(msgspec.Struct, forbid_unknown_fields=True):
    """Put so many of a variant into the bag."""

    variant_id: UUID
    quantity: Annotated[int, Meta(ge=1, le=MOST_OF_ONE)] = 1


class ChangeLine(msgspec.Struct, forbid_unknown_fields=True):
    """Have so many of a variant in the bag; none takes it out."""

    variant_id: UUID
    quantity: Annotated[int, Meta(ge=0, le=MOST_OF_ONE)]


class RemoveLine(msgspec.Struct, forbid_unknown_fields=True):
    """Take a variant out of the bag."""

    variant_id: UUID


class CheckoutDraft(msgspec.Struct, forbid_unknown_fields=True):
    """The checkout as far as it is filled in. No price is among it: those are the server's."""

    email: Annotated[str, Meta(max_length=254)] = ""
    name: Short = ""
    company: Short = ""
    line1: Short = ""
    line2: Short = ""
    postal_code: Annotated[str, Meta(max_length=20)] = ""
    city: Short = ""
    region: Short = ""
    country: Annotated[str, Meta(max_length=2)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    accepts_marketing: bool = False
    delivery: Code = ""
    """Id of the chosen rate."""

    payment: Code = ""
    """Code of the chosen gateway."""

    note: Annotated[str, Meta(max_length=1000)] = ""
    agreed_total: Annotated[str, Meta(max_length=20)] = ""
    """The total that the buyer saw, in minor units; only ever compared."""


class PlaceOrder(CheckoutDraft, forbid_unknown_fields=True):
    """The whole checkout, ready to order."""

    def problems(self) -> dict[str, str]:
        """A sentence for each field that is missing."""
        wanted = {
            "name": gettext("Please write your name."),
            "line1": gettext("Please write street and house number."),
            "city": gettext("Please write the town or city."),
            "country": gettext("Please choose a country."),
            "delivery": gettext("Please choose a delivery."),
            "payment": gettext("Please choose how to pay."),
        }
        found = {} if looks_like_email(self.email) else {"email": NO_EMAIL}
        found |= {name: sentence for name, sentence in wanted.items() if not getattr(self, name).strip()}
        if not self.postal_code and self.country not in WITHOUT_POSTAL_CODE:
            found["postal_code"] = gettext("Please write the postal code.")
        return found


@dataclass(frozen=True)
class BagLine:
    """One line of the bag with today's price, in minor units."""

    variant_id: UUID
    quantity: int
    variant: SellableVariant | None
    """None when the product has vanished."""

    title: str
    available: int | None
    """How many can be had; None is any number."""

    problem: str = ""
    """Why it cannot be ordered like this: one sentence."""

    news: str = ""
    """What changed since it was put in: one sentence."""

    @property
    def unit_price(self) -> int:
        """The catalogue's price now."""
        return self.variant.price if self.variant else 0

    @property
    def amount(self) -> int:
        """Unit price times quantity."""
        return self.unit_price * self.quantity

    @property
    def variant_title(self) -> str:
        """The chosen options; empty for products without."""
        title = self.variant.title if self.variant else ""
        return "" if title == "Default Title" else title

    @property
    def most(self) -> int:
        """The highest quantity that the field should offer."""
        return MOST_OF_ONE if self.available is None else max(1, min(self.available, MOST_OF_ONE))


@dataclass(frozen=True)
class Bag:
    """What is in the cart."""

    lines: tuple[BagLine, ...] = ()

    @property
    def count(self) -> int:
        """Pieces, not lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> int:
        """The goods alone, in minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def weight_grams(self) -> int:
        """Everything together."""
        return sum(line.variant.weight_grams * line.quantity for line in self.lines if line.variant)

    @property
    def can_be_ordered(self) -> bool:
        """Whether something is in it and nothing stands in the way."""
        return bool(self.lines) and not any(line.problem for line in self.lines)


@dataclass(frozen=True)
class Review:
    """The checkout page as values: what was typed, what can be chosen, what it costs."""

    bag: Bag
    typed: dict[str, Any]
    countries: list[tuple[str, str]]
    rates: list[RateQuote]
    rate: RateQuote | None
    methods: list[OfferedMethod]
    method: OfferedMethod | None
    totals: Totals
    unfinished_url: str = ""
    """Where a payment that was begun can be finished."""

    trouble: str = ""
    """Why the last payment of this bag came to nothing."""


@dataclass(frozen=True)
class Placed:
    """An order that stands, and where its buyer goes next."""

    order_id: UUID
    payment_id: UUID | None
    redirect_url: str | None
