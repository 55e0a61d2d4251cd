"""Names that stand twice in a JSON object. Readers disagree on which value counts (RFC 8259, 4): none does here.

What checks a request on its way may read the first, and we the last: so such a body is refused instead of read.
"""

from __future__ import annotations

import json
from typing import Any


def twice(body: bytes) -> str:
    """Where the first name stands that is there twice, as `lines[0].quantity`; "" when each stands once.

    The body is JSON that was decoded before: nothing else may be wrong with it.
    """
    found: list[tuple[dict[str, Any], str]] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) < len(pairs):
            seen: set[str] = set()
            found.append((told, next(name for name, _ in pairs if name in seen or seen.add(name))))  # type: ignore[func-returns-value]
        return told

    whole = json.loads(body, object_pairs_hook=note, parse_int=str, parse_float=str)
    for place, name in reversed(found):  # the outermost last: what it held twice is partly gone
        path = _path(whole, place)
        if path is not None:
            return f"{path}.{name}".lstrip(".")
    return ""


def _path(within: Any, wanted: dict[str, Any]) -> str | None:
    waiting: list[tuple[str, Any]] = [("", within)]
    while waiting:
        path, value = waiting.pop()
        if value is wanted:
            return path
        if isinstance(value, dict):
            waiting += [(f"{path}.{name}", below) for name, below in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{number}]", below) for number, below in enumerate(value)]
    return None
