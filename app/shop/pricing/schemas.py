"""What a basket costs, to the last minor unit.

Rounding: the tax of each line is rounded by itself, a half upwards. "If the VAT comes to 0.5 of one penny or more, it
should be rounded up" (HMRC manual VATREC12030, which names Regulation (EC) 1103/97, article 5, for the same rule), and
rounding each line is open to retailers (VATREC12020). European law leaves the method to the member states (Court of
Justice, C-484/06 Koninklijke Ahold, 10 July 2008). Everything is integer arithmetic, so these hold for every input:

    prices without tax:  subtotal + shipping + tax == total
    prices with tax:     subtotal + shipping == total, of which tax is a part
    always:              net + tax == total, and the tax lines add up to tax
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import msgspec

from app.core.i18n import gettext

_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?")
WHOLE = 100_000
"""100 % in the unit that rates are kept in: thousandths of a percent."""


@dataclass(frozen=True)
class Line:
    """So many of one variant; all that a client ever says about a price."""

    variant_id: UUID
    quantity: int


@dataclass(frozen=True)
class PricedLine:
    """One line with the catalogue's price and its tax, in minor units. `tax` is the tax of the whole line."""

    variant_id: UUID
    quantity: int
    unit_price: int
    tax_rate: int
    tax: int

    @property
    def amount(self) -> int:
        """Unit price times quantity, with or without tax as the shop's prices are."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class TaxLine:
    """All tax of one name and rate."""

    name: str
    rate: int
    amount: int

    @property
    def percent(self) -> str:
        """The rate as people write it: "23", "8.1"."""
        return percent_text(self.rate)


@dataclass(frozen=True)
class Totals:
    """What a basket costs, in minor units of `currency`."""

    currency: str
    subtotal: int
    shipping: int
    tax: int
    total: int
    prices_include_tax: bool
    lines: tuple[PricedLine, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    shipping_tax: int = 0

    @property
    def net(self) -> int:
        """The total without tax."""
        return self.total - self.tax


@dataclass(frozen=True)
class Taxation:
    """How one destination is taxed. The rate is in thousandths of a percent."""

    name: str = ""
    rate: int = 0
    taxes_delivery: bool = True


@dataclass(frozen=True)
class Basket:
    """What is to be added up: (variant, quantity, unit price) triples and the price of delivery."""

    currency: str
    items: Sequence[tuple[UUID, int, int]]
    shipping: int = 0
    prices_include_tax: bool = True
    taxation: Taxation = field(default_factory=Taxation)


def percent_text(rate: int) -> str:
    """A rate in thousandths of a percent as a percentage without idle zeros: 8100 is "8.1"."""
    return f"{rate / 1000:.3f}".rstrip("0").rstrip(".")


def tax_of(amount: int, rate: int, *, included: bool) -> int:
    """The tax in (or on) an amount that is not negative, rounded to the nearest unit, halves up."""
    base = WHOLE + rate if included else WHOLE
    return (2 * amount * rate + base) // (2 * base)


def add_up(basket: Basket) -> Totals:
    """Every figure of a basket. Nothing is rounded but the tax of each line and of the delivery."""
    taxation, included = basket.taxation, basket.prices_include_tax
    lines = tuple(
        PricedLine(variant, quantity, price, taxation.rate, tax_of(price * quantity, taxation.rate, included=included))
        for variant, quantity, price in basket.items
    )
    shipping_rate = taxation.rate if taxation.taxes_delivery else 0
    shipping_tax = tax_of(basket.shipping, shipping_rate, included=included)
    subtotal = sum(line.amount for line in lines)
    tax = sum(line.tax for line in lines) + shipping_tax
    return Totals(
        currency=basket.currency,
        subtotal=subtotal,
        shipping=basket.shipping,
        tax=tax,
        total=subtotal + basket.shipping + (0 if included else tax),
        prices_include_tax=included,
        lines=lines,
        tax_lines=(TaxLine(taxation.name, taxation.rate, tax),) if taxation.rate else (),
        shipping_tax=shipping_tax,
    )


def parse_percent(text: str) -> int | None:
    """A percentage as people type it ("23", "8,1", "8.875 %") in thousandths of a percent; None when it is none."""
    found = _PERCENT.fullmatch(text.replace("%", "").replace(",", ".").strip())
    if not found:
        return None
    rate = int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))
    return rate if rate <= WHOLE else None


class WriteRate(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The tax of one country as staff type it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    percent: Annotated[str, msgspec.Meta(min_length=1, max_length=12)]
    taxes_delivery: bool = False

    def problems(self) -> dict[str, str]:
        """A percentage has at most three digits behind the point."""
        if parse_percent(self.percent) is None:
            return {"percent": gettext("Write a percentage from 0 to 100, such as 23 or 8.875.")}
        return {}

    @property
    def taxation(self) -> Taxation:
        """The same as a value."""
        return Taxation(self.name, parse_percent(self.percent) or 0, self.taxes_delivery)


class AddRate(WriteRate, forbid_unknown_fields=True, kw_only=True):
    """A country that is to be taxed; without a percentage it gets its standard rate."""

    country: Annotated[str, msgspec.Meta(min_length=2, max_length=2, pattern="^[A-Z]{2}$")]
    name: Annotated[str, msgspec.Meta(max_length=40)] = ""
    percent: Annotated[str, msgspec.Meta(max_length=12)] = ""
    taxes_delivery: bool = False

    def problems(self) -> dict[str, str]:
        """An empty percentage is the standard rate; anything else must be one."""
        return super().problems() if self.percent else {}
