"""Where rooms that have texts join in.

    hooks.sources["page"] = hooks.Source(find, clean)

`find(id)` gives what can be translated, in the entered shop, and raises NotFound for another shop's id;
`clean(field, text)` makes a typed translation fit to be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID


class Text(NamedTuple):
    """One text of a thing, as the shop wrote it."""

    field: str
    label: str
    text: str
    is_long: bool = False


class Original(NamedTuple):
    """A thing with its texts, and the path of the page where they are written."""

    title: str
    back_to: str
    texts: list[Text]


def _as_typed(field: str, text: str) -> str:
    return text


class Source(NamedTuple):
    """How to find things of one kind, and how to clean their texts."""

    find: Callable[[UUID], Original]
    clean: Callable[[str, str], str] = _as_typed


sources: dict[str, Source] = {}
