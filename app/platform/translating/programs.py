"""What programs send to the translating room and read from it."""

from __future__ import annotations

from typing import Annotated

import msgspec


class TextOut(msgspec.Struct):
    """One text as the shop wrote it, and what it says in the language; empty where nobody has translated it."""

    field: str
    text: str
    translation: str


class TranslationsOut(msgspec.Struct):
    """The texts of one thing in one further language of the shop."""

    kind: str
    title: str
    language: str
    texts: list[TextOut]


class TranslationsWritten(msgspec.Struct, forbid_unknown_fields=True):
    """Translations by field. An empty one is taken away; those that are not named stay."""

    texts: dict[Annotated[str, msgspec.Meta(max_length=250)], Annotated[str, msgspec.Meta(max_length=100_000)]]
