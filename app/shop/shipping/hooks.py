"""The port of delivery providers: what a plugin implements to offer ways of delivery.

A provider gets values and returns values. It sees no table, no request and no basket beyond what a price depends on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct


@dataclass(frozen=True)
class Parcel:
    """What is to be delivered: country (ISO 3166-1), weight in grams, value and currency in minor units."""

    country: str
    weight_grams: int
    subtotal: int
    currency: str


@dataclass(frozen=True)
class DeliveryPrice:
    """What one way of delivery costs, in minor units of the parcel's currency."""

    amount: int


class ShippingProvider(Protocol):
    """Prices a parcel by the settings of one rate."""

    code: str
    """Stored with each rate, so it never changes."""

    title: str
    """What staff read when they add a rate."""

    asks_outside: bool
    """Whether a price comes over the network: then the last one is kept for a day, for when nobody answers."""

    options: type[Struct] | None = None
    """The schema of a rate's settings; its form is made from it. Without one a rate has an amount, or steps."""

    def price(self, parcel: Parcel, settings: Mapping[str, object]) -> DeliveryPrice | None:
        """The price, or None when this rate does not take the parcel (too heavy, too far)."""

    def problems(self, settings: Mapping[str, object]) -> dict[str, str]:
        """What is wrong with settings that staff typed: a sentence a field, empty when all is well."""


_providers: dict[str, ShippingProvider] = {}
_plugins: dict[str, str] = {}


def register(provider: ShippingProvider, plugin: str = "") -> None:
    """Make a provider known to this process, and whose it is. The second of one code replaces the first."""
    _providers[provider.code] = provider
    _plugins[provider.code] = plugin or provider.code


def plugin_of(code: str) -> str:
    """The name of the plugin that brings the provider of this code."""
    return _plugins.get(code, code)


def provider(code: str) -> ShippingProvider | None:
    """The provider of this code, or None when its plugin is not installed."""
    return _providers.get(code)


def providers() -> list[ShippingProvider]:
    """All that are installed, by title."""
    return sorted(_providers.values(), key=lambda each: each.title)
