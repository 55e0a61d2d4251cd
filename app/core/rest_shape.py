"""What an answer holds: `fields` leaves out what a program does not need, `expand` adds what a thing points at.

Both are checked against the declared answer before anything is read; what is added needs the permission that its own
route needs, and is read for all rows of a page together.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import request

from app.core import access
from app.core.errors import Forbidden, InvalidInput
from app.core.i18n import gettext

FIELDS, EXPAND = "fields", "expand"
_LONGEST = 2_000
_MOST = 100
_DEEPEST = 4
Wanted = dict[str, Any]
_info = msgspec.inspect


@dataclass(frozen=True)
class Expansion:
    """A relation that an answer can hold whole: `order.customer`.

    `at` is the field of the row by which it is found, `load` gives what stands there for many of its values with one
    statement (what is missing is null, or an empty list where `schema` is a list).
    """

    schema: Any
    permission: str
    load: Callable[[list[str]], Mapping[str, Any]]
    at: str = "id"

    @property
    def empty(self) -> Any:
        """What stands where nothing is found."""
        return [] if typing.get_origin(self.schema) is list else None


Expansions = Mapping[str, Expansion]


@dataclass(frozen=True)
class Shape:
    """What one request wants of an answer."""

    wanted: Wanted = field(default_factory=dict)
    expanded: tuple[tuple[str, Expansion], ...] = ()

    @property
    def is_plain(self) -> bool:
        """The answer as it is."""
        return not self.wanted and not self.expanded

    def applied(self, told: Any) -> Any:
        """The answer with relations, and without what nobody asked for."""
        body = msgspec.json.decode(msgspec.json.encode(told))
        is_list = isinstance(body.get("data"), list) and "next_cursor" in body
        rows: list[dict[str, Any]] = body["data"] if is_list else [body]
        for name, expansion in self.expanded:
            _expand(rows, name.split("."), expansion)
        if self.wanted:
            wanted = self.wanted | {name.split(".")[0]: self._below(name) for name, _ in self.expanded}
            rows = [_only(row, wanted) for row in rows]
        return body | {"data": rows} if is_list else rows[0]

    def _below(self, name: str) -> Wanted:
        found: Wanted = self.wanted.get(name.split(".")[0], {})
        return found


def asked(schema: Any, expansions: Expansions) -> Shape:
    """What this request asks for. Raises InvalidInput beside the parameter, Forbidden without the permission."""
    if request.method not in {"GET", "HEAD"} or not (FIELDS in request.args or EXPAND in request.args):
        return Shape()
    names = _names(EXPAND)
    unknown = [name for name in names if name not in expansions]
    if unknown:
        known = ", ".join(sorted(expansions)) or "-"
        raise InvalidInput({EXPAND: gettext("Only these can be expanded here: %(known)s.", known=known)})
    names = sorted({part for name in names for part in _with_parents(name, expansions)}, key=lambda one: one.count("."))
    if not all(access.may(expansions[name].permission) for name in names):
        raise Forbidden
    return Shape(_wanted(schema, expansions), tuple((name, expansions[name]) for name in names))


def without(arguments: Any) -> Any:
    """The query without the two parameters that every answer understands."""
    if FIELDS not in arguments and EXPAND not in arguments:
        return arguments
    rest = arguments.copy()
    rest.poplist(FIELDS)
    rest.poplist(EXPAND)
    return rest


def _names(parameter: str) -> list[str]:
    raw = ",".join(request.args.getlist(parameter))
    names = [name.strip() for name in raw[: _LONGEST + 1].split(",") if name.strip()]
    if len(raw) > _LONGEST or len(names) > _MOST:
        raise InvalidInput({parameter: gettext("This names too much.")})
    return names


def _with_parents(name: str, expansions: Expansions) -> Iterable[str]:
    parts = name.split(".")
    return (one for end in range(1, len(parts) + 1) if (one := ".".join(parts[:end])) in expansions)


def _wanted(schema: Any, expansions: Expansions) -> Wanted:
    item = typing.get_args(schema)[0] if typing.get_args(schema) else schema
    wanted: Wanted = {}
    for name in _names(FIELDS):
        path = name.split(".")
        if len(path) > _DEEPEST or not _is_known(item, path, expansions):
            said = gettext("There is no field %(name)s here.", name=name[:100])
            raise InvalidInput({FIELDS: said})
        place = wanted
        for part in path:
            place = place.setdefault(part, {})
    return wanted


def _is_known(schema: Any, path: Sequence[str], expansions: Expansions) -> bool:
    for end in range(len(path), 0, -1):
        expansion = expansions.get(".".join(path[:end]))
        if expansion is not None:
            return _leads_somewhere(_info.type_info(expansion.schema), path[end:])
    return _leads_somewhere(_info.type_info(schema), path)


def _leads_somewhere(kind: _info.Type, path: Sequence[str]) -> bool:
    if not path:
        return True
    if isinstance(kind, _info.UnionType):
        return any(_leads_somewhere(one, path) for one in kind.types)
    if isinstance(kind, _info.ListType):
        return _leads_somewhere(kind.item_type, path)
    if isinstance(kind, _info.DictType | _info.AnyType):
        return True
    if isinstance(kind, _info.StructType):
        return any(one.encode_name == path[0] and _leads_somewhere(one.type, path[1:]) for one in kind.fields)
    return False


def _only(value: Any, wanted: Wanted) -> Any:
    if not wanted:
        return value
    if isinstance(value, list):
        return [_only(one, wanted) for one in value]
    if isinstance(value, dict):
        return {name: _only(one, wanted[name]) for name, one in value.items() if name in wanted}
    return value


def _expand(rows: Iterable[Any], path: Sequence[str], expansion: Expansion) -> None:
    places = list(rows)
    for part in path[:-1]:
        below = [place.get(part) for place in places]
        places = [one for found in below for one in (found if isinstance(found, list) else [found]) if one is not None]
    keys = sorted({key for place in places if isinstance(key := place.get(expansion.at), str)})
    found = expansion.load(keys) if keys else {}
    for place in places:
        there = found.get(place.get(expansion.at), expansion.empty)
        place[path[-1]] = msgspec.json.decode(msgspec.json.encode(there))
