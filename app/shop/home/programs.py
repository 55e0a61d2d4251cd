"""What programs send to the home room and read from it. Amounts in minor units of `currency`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from app.shop.home.schemas import GeneralSettings, Line


class FiguresWanted(msgspec.Struct, forbid_unknown_fields=True):
    """How many days the figures cover, today included."""

    days: Literal["1", "7", "30", "90"] = "30"


class SumsOut(msgspec.Struct):
    """Figures of a period. Of a thousand bags, `conversion_per_mille` became orders."""

    net_sales: int
    orders: int
    average_order: int
    bags: int
    conversion_per_mille: int


class DayOut(msgspec.Struct):
    """Figures of one day of the shop's calendar."""

    day: date
    net_sales: int
    orders: int
    bags: int


class BestOut(msgspec.Struct):
    """A variant that brought much."""

    product_title: str
    variant_title: str
    quantity: int
    net_sales: int


class ToDoOut(msgspec.Struct):
    """What waits for the staff; none is counted further than 200."""

    to_fulfil: int
    oldest_to_fulfil: datetime | None
    payment_failed: int
    awaiting_payment: int
    attention: int


class FiguresOut(msgspec.Struct):
    """How the shop does: a period beside the one before, each day of it, what sold best, and what waits."""

    currency: str
    timezone: str
    first_day: date
    last_day: date
    now: SumsOut
    before: SumsOut
    days: list[DayOut]
    best: list[BestOut]
    to_do: ToDoOut


class SettingsWritten(msgspec.Struct, forbid_unknown_fields=True):
    """The general settings as they shall be. An empty currency keeps the one it has."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    timezone: Annotated[str, msgspec.Meta(max_length=60)]
    weight_unit: Literal["g", "kg", "oz", "lb"]
    contact_email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    legal_name: Line = ""
    line1: Line = ""
    line2: Line = ""
    postal_code: Annotated[str, msgspec.Meta(max_length=20)] = ""
    city: Line = ""
    region: Line = ""
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    prices_include_tax: bool | None = None
    announcement: Line = ""
    languages: Annotated[list[str], msgspec.Meta(max_length=20)] = []

    def problems(self) -> dict[str, str]:
        """The rules of the page of settings."""
        return self.form.problems()

    @property
    def form(self) -> GeneralSettings:
        """The same as the page of settings sends it."""
        values = msgspec.structs.asdict(self)
        includes = values.pop("prices_include_tax")
        return GeneralSettings(tax="" if includes is None else "included" if includes else "added", **values)


class SettingsOut(msgspec.Struct):
    """The general settings of the shop."""

    name: str
    legal_name: str
    contact_email: str
    line1: str
    line2: str
    postal_code: str
    city: str
    region: str
    country: str
    currency: str
    locale: str
    timezone: str
    weight_unit: str
    prices_include_tax: bool
    announcement: str
    languages: list[str]
    is_open: bool


class OpeningWritten(msgspec.Struct, forbid_unknown_fields=True):
    """Whether shoppers may come in."""

    is_open: bool


class SamplesOut(msgspec.Struct):
    """How many sample products were there."""

    removed: int


class TaskWritten(msgspec.Struct, forbid_unknown_fields=True):
    """A task that is not for this shop."""

    name: Annotated[str, msgspec.Meta(max_length=40)]


class TaskOut(msgspec.Struct):
    """One thing to do before a shop is ready; `path` is the page of the back office where it is done."""

    name: str
    title: str
    path: str
    is_done: bool


class TasksOut(msgspec.Struct):
    """Everything to do before a shop is ready; empty when all of it is done."""

    data: list[TaskOut]
