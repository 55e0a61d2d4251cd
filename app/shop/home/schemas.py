"""What the home room takes in and hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from app.core import i18n, text
from app.core.i18n import gettext, mark
from app.platform.tenancy.countries import currencies, timezones

Line = Annotated[str, msgspec.Meta(max_length=200)]
PERIODS = {"1": mark("Today"), "7": mark("7 days"), "30": mark("30 days"), "90": mark("90 days")}


class Period(msgspec.Struct, forbid_unknown_fields=True):
    """How many days the figures cover."""

    days: Literal["1", "7", "30", "90"] = "30"


class Search(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody looks for."""

    q: Annotated[str, msgspec.Meta(max_length=100)] = ""


class TickOff(msgspec.Struct, forbid_unknown_fields=True):
    """A checklist item that is not for this shop."""

    item: Annotated[str, msgspec.Meta(max_length=40)]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A form that is only a button."""


class OpenOrClosed(msgspec.Struct, forbid_unknown_fields=True):
    """Whether shoppers may come in."""

    is_open: bool = False


class GeneralSettings(msgspec.Struct, forbid_unknown_fields=True):
    """The shop's general settings. An empty currency keeps the one it has."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    contact_email: Annotated[str, msgspec.Meta(max_length=254)]
    timezone: Annotated[str, msgspec.Meta(max_length=60)]
    weight_unit: Literal["g", "kg", "oz", "lb"]
    legal_name: Line = ""
    line1: Line = ""
    line2: Line = ""
    postal_code: Annotated[str, msgspec.Meta(max_length=20)] = ""
    city: Line = ""
    region: Line = ""
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    tax: Literal["", "included", "added"] = ""
    announcement: Line = ""
    languages: Annotated[list[str], msgspec.Meta(max_length=20)] = []

    def problems(self) -> dict[str, str]:
        """Addresses that mail reaches; zones and currencies from the lists."""
        found = {}
        if self.contact_email and not text.looks_like_email(self.contact_email):
            found["contact_email"] = gettext("Write an e-mail address such as hello@example.com.")
        if self.timezone not in timezones():
            found["timezone"] = gettext("Choose a time zone from the list.")
        if not all(i18n.is_known(one) for one in self.languages):
            found["languages"] = "Choose languages from the list."
        if self.currency and self.currency not in currencies():
            found["currency"] = gettext("Choose a currency from the list.")
        return found


@dataclass(frozen=True)
class Hit:
    """Something that was found."""

    title: str
    detail: str
    url: str
