"""What programs send to the shipping room and read from it. Amounts in minor units of the shop's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from app.core.i18n import gettext
from app.shop.shipping.schemas import NewRate

Code = Annotated[str, Meta(pattern=r"^([A-Z]{2}|\*)$")]
Amount = Annotated[int, Meta(ge=0, le=10**12)]


class ZoneWritten(Struct, forbid_unknown_fields=True):
    """Countries that share their rates: ISO 3166-1 codes; "*" is every country that no other zone names."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    countries: Annotated[list[Code], Meta(min_length=1, max_length=300)]


class StepWritten(Struct, forbid_unknown_fields=True):
    """One line of a weight table: up to so many grams it costs so much."""

    up_to: Annotated[int, Meta(ge=1, le=10_000_000)]
    amount: Amount


class RateWritten(Struct, forbid_unknown_fields=True):
    """A way of delivery. The provider "flat" reads `amount`, "weight" reads `steps`; both know `free_from`."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    provider: Annotated[str, Meta(min_length=1, max_length=60)] = "flat"
    delivery_time: Annotated[str, Meta(max_length=80)] = ""
    amount: Amount | None = None
    free_from: Amount | None = None
    steps: Annotated[list[StepWritten], Meta(max_length=100)] = []
    settings: dict[str, Any] | None = None
    """For providers with settings of their own, in the place of amount, free_from and steps."""
    is_enabled: bool = True

    def problems(self) -> dict[str, str]:
        """A table belongs to weights, an amount to everything else."""
        if self.settings is not None and (self.steps or (self.amount, self.free_from) != (None, None)):
            return {"settings": gettext("Either settings, or an amount, a limit and steps.")}
        if self.provider == "weight" and self.amount is not None:
            return {"amount": gettext("Prices by weight stand in the steps.")}
        if self.provider != "weight" and self.steps:
            return {"steps": gettext("Only the provider “weight” has steps.")}
        return {}

    @property
    def rate(self) -> NewRate:
        """The same as a value; its provider checks the settings."""
        if self.settings is not None:
            return NewRate(self.name, self.provider, self.settings, self.delivery_time, self.is_enabled)
        steps = [{"up_to": step.up_to, "amount": step.amount} for step in self.steps]
        priced: dict[str, Any] = {"steps": steps} if self.provider == "weight" else {"amount": self.amount}
        settings = {"free_from": self.free_from} | priced
        return NewRate(self.name, self.provider, settings, self.delivery_time, self.is_enabled)


class StepOut(Struct):
    """One line of a weight table."""

    up_to: int
    amount: int


class RateOut(Struct):
    """A way of delivery into one zone; `currency` is that of its amounts."""

    id: str
    zone_id: str
    name: str
    provider: str
    delivery_time: str
    amount: int | None
    free_from: int | None
    steps: list[StepOut]
    settings: dict[str, Any]
    """Of a provider with settings of its own."""
    currency: str
    is_enabled: bool
    position: int
    created_at: datetime
    updated_at: datetime


class ZoneOut(Struct):
    """Countries with their rates."""

    id: str
    name: str
    countries: list[str]
    position: int
    rates: list[RateOut]
    created_at: datetime
    updated_at: datetime
