"""What the room takes in."""

from __future__ import annotations

from typing import Annotated

import msgspec


class WantedLanguage(msgspec.Struct, forbid_unknown_fields=True):
    """The language whose texts are shown; the first one of the shop when it is left out."""

    language: Annotated[str, msgspec.Meta(max_length=8)] = ""


class TypedText(msgspec.Struct, forbid_unknown_fields=True):
    """One text as it was typed; an empty one takes the translation away."""

    field: Annotated[str, msgspec.Meta(max_length=250)]
    text: Annotated[str, msgspec.Meta(max_length=100_000)] = ""


class WriteTranslations(msgspec.Struct, forbid_unknown_fields=True):
    """The texts of one thing in one language."""

    language: Annotated[str, msgspec.Meta(min_length=1, max_length=8)]
    texts: list[TypedText] = []
