"""The form of a plugin's settings, made from its schema."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.platform.plugins import service
from app.platform.plugins.declaring import Plugin

_LONG = 200


@dataclass(frozen=True)
class Field:
    """One control: what it is called, of which kind it is, and what stands in it."""

    name: str
    kind: str
    """text, long, secret, number, money, tick or choice"""

    label: str
    hint: str
    value: Any
    is_required: bool
    options: tuple[tuple[str, str], ...] = ()
    is_stored: bool = False
    """Whether a secret is there already."""


def fields_of(plugin: Plugin) -> list[Field]:
    """What staff fill in, with what this shop has stored; secrets never."""
    if plugin.settings is None:
        return []
    return fields_in(plugin.settings, _stored(plugin), service.stored_secrets(plugin.name))


def fields_in(schema: type[msgspec.Struct], stored: Mapping[str, Any], kept: Container[str] = ()) -> list[Field]:
    """The controls of any schema, with what is stored; `kept` names the secrets that are there."""
    return [_field(one, stored, one.name in kept) for one in _schema(schema)]


def typed(plugin: Plugin, settings: dict[str, Any]) -> Any:
    """What a program sent, as the plugin's schema. Raises InvalidInput."""
    if plugin.settings is None:
        return None
    return converted(plugin.settings, settings)


def converted(schema: type[msgspec.Struct], settings: Mapping[str, Any]) -> Any:
    """Settings by name as a schema. Raises InvalidInput, beside `settings.<name>`."""
    unknown = sorted(set(settings) - {one.name for one in _schema(schema)})
    if unknown:
        raise InvalidInput({f"settings.{unknown[0]}": gettext("There is no such setting.")})
    try:
        return msgspec.convert(settings, schema)
    except msgspec.ValidationError as problem:
        said, _, place = str(problem).partition(" - at `$.")
        raise InvalidInput({f"settings.{place.rstrip('`')}" if place else "settings": said}) from problem


def _schema(schema: type[msgspec.Struct]) -> Iterator[inspect.Field]:
    yield from getattr(inspect.type_info(schema), "fields", ())


def _stored(plugin: Plugin) -> dict[str, Any]:
    """Settings of before may not fit the schema of now: what fits nothing is left out, and staff fill it in anew."""
    row = service.row_of(plugin.name)
    return dict(row.settings) if row else {}


def _field(one: inspect.Field, stored: Mapping[str, Any], is_stored: bool) -> Field:
    is_secret = service.is_secret(one)
    kind, plain, described = _kind(one.type)
    options = tuple((str(value), str(value)) for value in getattr(plain, "values", ())) if kind == "choice" else ()
    default = one.default if one.default is not msgspec.NODEFAULT else None
    return Field(
        name=one.encode_name,
        kind="secret" if is_secret else kind,
        label=gettext(str(described.get("title") or one.name.replace("_", " ").capitalize())),
        hint=gettext(str(described.get("description") or "")),
        value=None if is_secret else stored.get(one.name, default),
        is_required=one.required and kind != "tick",
        options=options,
        is_stored=is_stored,
    )


def _kind(kind: inspect.Type) -> tuple[str, inspect.Type, dict[str, Any]]:
    described: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            described |= kind.extra_json_schema or {}
            extra |= kind.extra or {}
            kind = kind.type
        else:
            kind = next(part for part in kind.types if not isinstance(part, inspect.NoneType))
    if isinstance(kind, inspect.BoolType):
        return "tick", kind, described
    if isinstance(kind, inspect.LiteralType):
        return "choice", kind, described
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return "money" if extra.get("money") else "number", kind, described
    is_long = isinstance(kind, inspect.StrType) and (kind.max_length or 0) > _LONG
    return "long" if is_long else "text", kind, described
