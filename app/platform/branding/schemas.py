"""What the branding forms send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from app.core.forms import Upload
from app.core.i18n import gettext as _

Hex = Annotated[str, msgspec.Meta(max_length=9)]


class DraftForm(msgspec.Struct, forbid_unknown_fields=True):
    """Every choice of the editor. Empty colours mean: derived from the brand colour."""

    colour: Hex
    pick: Hex = ""
    canvas: Hex = ""
    hero_colour: Hex = ""
    mode: Literal["light", "dark", "auto"] = "light"
    hero_ink: Hex = ""
    font_pair: str = "instrument"
    display_weight: Annotated[int, msgspec.Meta(ge=300, le=800)] | None = None
    uppercase: bool = False
    radius: Annotated[int, msgspec.Meta(ge=0, le=28)] = 8
    density: Literal["compact", "normal", "airy"] = "normal"
    picture_shape: Literal["portrait", "square", "landscape"] = "portrait"
    picture_look: Literal["natural", "tinted", "mono"] = "natural"
    hero_layout: Literal["split", "full", "stacked"] = "split"
    card_layout: Literal["plain", "framed", "overlay"] = "plain"
    header_layout: Literal["left", "centred", "stacked", "bar"] = "left"
    tile_layout: Literal["label", "caption", "round"] = "label"
    reasons_layout: Literal["lines", "chips", "band"] = "lines"
    footer_layout: Literal["columns", "centred", "band"] = "columns"
    logo_alone: bool = False
    words: list[WordForm] = []

    def to_table(self, logo_key: str | None) -> dict[str, Any]:
        """The brand's tokens as plain values; the logo comes from the draft, not from the form."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        picked, uppercase = values.pop("pick"), values.pop("uppercase")
        values["colour"] = picked or values["colour"]
        values["display_case"] = "uppercase" if uppercase else "none"
        values["words"] = {one["key"]: one["word"] for one in values["words"] if one["word"]}
        values |= {field: values[field] or None for field in ("canvas", "hero_colour", "hero_ink")}
        return values | {"logo_key": logo_key}


class WordForm(msgspec.Struct, forbid_unknown_fields=True):
    """What this brand calls one thing; empty means the usual word."""

    key: Annotated[str, msgspec.Meta(max_length=40)]
    word: Annotated[str, msgspec.Meta(max_length=60)] = ""


class NoFields(msgspec.Struct, forbid_unknown_fields=True):
    """A button."""


class ScheduleForm(msgspec.Struct, forbid_unknown_fields=True):
    """When to publish, by the shop's own clock: `2026-12-24T06:00`."""

    at: Annotated[str, msgspec.Meta(min_length=1, max_length=25)]

    def problems(self) -> dict[str, str]:
        """A text that is no time."""
        try:
            datetime.fromisoformat(self.at)
        except ValueError:
            return {"at": _("Please enter a date and a time.")}
        return {}

    def moment(self, zone: str) -> datetime:
        """The moment that this is in the shop's time zone."""
        return datetime.fromisoformat(self.at).replace(tzinfo=ZoneInfo(zone))


class UndoForm(msgspec.Struct, forbid_unknown_fields=True):
    """A button; `back` says which of the two editors it stands in."""

    back: Literal["look", "home"] = "look"


class LogoForm(msgspec.Struct, forbid_unknown_fields=True):
    """A picture file."""

    logo: Upload
