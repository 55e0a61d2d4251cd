"""Rates whose settings are their provider's own: the form and the values, by the provider's schema."""

from __future__ import annotations

import functools
import typing
from dataclasses import replace
from typing import Any

import msgspec

from app.platform.plugins import fields
from app.shop.shipping import hooks
from app.shop.shipping.schemas import NewRate, WriteRate


def options_of(code: str) -> type[msgspec.Struct] | None:
    """The schema of a rate's settings, where the provider of this code has one."""
    return getattr(hooks.provider(code), "options", None)


def form_of(code: str) -> type[msgspec.Struct]:
    """What staff type for a rate of this provider. An instance has `rate`, the same as a value."""
    options = options_of(code)
    return WriteRate if options is None else _form(options)


def checked(new: NewRate) -> NewRate:
    """A rate whose settings fit the provider's schema, with its defaults. Raises InvalidInput."""
    options = options_of(new.provider)
    if options is None:
        return new
    settings = {name: value for name, value in new.settings.items() if value is not None}
    return replace(new, settings=msgspec.to_builtins(fields.converted(options, settings)))


@functools.lru_cache(maxsize=100)
def _form(options: type[msgspec.Struct]) -> type[msgspec.Struct]:
    own = {one.name: one for one in msgspec.structs.fields(options)}
    hints = typing.get_type_hints(options, include_extras=True)
    common = typing.get_type_hints(WriteRate, include_extras=True)
    parts: list[Any] = [(name, common[name]) for name in ("name", "provider")]
    parts += [("delivery_time", common["delivery_time"], ""), ("is_enabled", bool, False)]
    for name, one in own.items():
        has_default = one.default is not msgspec.NODEFAULT
        parts.append((name, hints[name], one.default) if has_default else (name, hints[name]))

    def rate(self: Any) -> NewRate:
        settings = {name: getattr(self, name) for name in own}
        return NewRate(self.name, self.provider, settings, self.delivery_time, self.is_enabled)

    return msgspec.defstruct(
        "WriteRateOfProvider", parts, kw_only=True, forbid_unknown_fields=True, namespace={"rate": property(rate)}
    )
