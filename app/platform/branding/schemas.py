"""What the branding forms send."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from app.core.forms import Upload

Hex = Annotated[str, msgspec.Meta(max_length=9)]


class DraftForm(msgspec.Struct, forbid_unknown_fields=True):
    """Every choice of the editor. Empty colours mean: derived from the brand colour."""

    colour: Hex
    pick: Hex = ""
    canvas: Hex = ""
    hero_colour: Hex = ""
    mode: Literal["light", "dark", "auto"] = "light"
    font_pair: str = "instrument"
    display_weight: Annotated[int, msgspec.Meta(ge=300, le=800)] | None = None
    uppercase: bool = False
    radius: Annotated[int, msgspec.Meta(ge=0, le=28)] = 8
    density: Literal["compact", "normal", "airy"] = "normal"
    picture_shape: Literal["portrait", "square", "landscape"] = "portrait"
    hero_layout: Literal["split", "full", "stacked"] = "split"
    card_layout: Literal["plain", "framed", "overlay"] = "plain"
    header_layout: Literal["left", "centred", "stacked"] = "left"
    logo_alone: bool = False
    words: list[WordForm] = []

    def to_table(self, logo_key: str | None) -> dict[str, Any]:
        """The brand's tokens as plain values; the logo comes from the draft, not from the form."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        picked, uppercase = values.pop("pick"), values.pop("uppercase")
        values["colour"] = picked or values["colour"]
        values["display_case"] = "uppercase" if uppercase else "none"
        values["words"] = {one["key"]: one["word"] for one in values["words"] if one["word"]}
        values |= {field: values[field] or None for field in ("canvas", "hero_colour")}
        return values | {"logo_key": logo_key}


class WordForm(msgspec.Struct, forbid_unknown_fields=True):
    """What this brand calls one thing; empty means the usual word."""

    key: Annotated[str, msgspec.Meta(max_length=40)]
    word: Annotated[str, msgspec.Meta(max_length=60)] = ""


class NoFields(msgspec.Struct, forbid_unknown_fields=True):
    """A button."""


class LogoForm(msgspec.Struct, forbid_unknown_fields=True):
    """A picture file."""

    logo: Upload
