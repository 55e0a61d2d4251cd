"""What other rooms and templates learn of delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from app.core.forms import MoneyField
from app.core.i18n import gettext


@dataclass(frozen=True)
class RateQuote:
    """One way of delivery with its price for this basket, in minor units of the shop's currency."""

    id: UUID
    name: str
    amount: int
    days: str
    """Delivery time as the shop wrote it; may be empty."""


@dataclass(frozen=True)
class NewRate:
    """One way of delivery as staff describe it; `settings` is read by its provider."""

    name: str
    provider: str
    settings: dict[str, Any] = field(default_factory=dict)
    delivery_time: str = ""
    is_enabled: bool = True


@dataclass(frozen=True)
class DeliveryZone:
    """Countries and their rates as one value, as tenant packs keep them."""

    name: str
    countries: tuple[str, ...]
    rates: tuple[NewRate, ...] = ()


class WriteZone(msgspec.Struct, forbid_unknown_fields=True):
    """A zone as staff type it: names or codes of countries with commas between them."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    countries: Annotated[str, Meta(max_length=4000)] = ""
    rest_of_world: bool = False

    def problems(self) -> dict[str, str]:
        """A zone is somewhere."""
        if not self.countries.strip() and not self.rest_of_world:
            return {"countries": gettext("Name at least one country, or tick the rest of the world.")}
        return {}


class WeightStep(msgspec.Struct, forbid_unknown_fields=True):
    """One line of a weight table; an empty line is left out."""

    up_to: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    amount: MoneyField | None = None


class WriteRate(msgspec.Struct, forbid_unknown_fields=True):
    """A way of delivery as staff type it: a flat amount, or a table of weights."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    provider: Annotated[str, Meta(min_length=1, max_length=60)]
    delivery_time: Annotated[str, Meta(max_length=80)] = ""
    amount: MoneyField | None = None
    free_from: MoneyField | None = None
    steps: list[WeightStep] = []
    is_enabled: bool = False

    def problems(self) -> dict[str, str]:
        """Half a step is a mistake, not an empty line."""
        if any((step.up_to is None) != (step.amount is None) for step in self.steps):
            return {"steps": gettext("Each line needs a weight and a price.")}
        return {}

    @property
    def rate(self) -> NewRate:
        """The same as a value; its provider checks the settings."""
        steps = [{"up_to": step.up_to, "amount": step.amount} for step in self.steps if step.up_to is not None]
        settings: dict[str, Any] = {"free_from": self.free_from}
        settings |= {"steps": steps} if self.provider == "weight" else {"amount": self.amount}
        return NewRate(self.name, self.provider, settings, self.delivery_time, self.is_enabled)
