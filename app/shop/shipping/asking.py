"""Asking delivery providers. One that fails loses its own rate, or answers as it did before: never the checkout."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from app.core import cache
from app.core.i18n import gettext
from app.platform.plugins import places, standing
from app.platform.plugins.calling import Failed, call
from app.shop.shipping import hooks

KEPT_SECONDS = 24 * 3600
HIGHEST = 10**12


def price(code: str, parcel: hooks.Parcel, settings: Mapping[str, object]) -> hooks.DeliveryPrice | None:
    """What the provider says that this parcel costs; None when it does not take it, or its plugin is not on.

    When it fails, what it said of the same parcel within the last day is said again.
    """
    provider = hooks.provider(code)
    if provider is None or not standing.is_on(hooks.plugin_of(code)):
        return None
    key = _key(code, parcel, settings)
    try:
        said: hooks.DeliveryPrice | None = call(
            hooks.plugin_of(code), places.DELIVERY_PRICE, provider.price, parcel, settings,
            answers=hooks.DeliveryPrice | None,
        )  # fmt: skip
    except Failed:
        said = _said_before(key)
    else:
        _keep(provider, key, said)
    return said if said is not None and 0 <= said.amount <= HIGHEST else None


def problems(code: str, settings: Mapping[str, object]) -> dict[str, str]:
    """What the provider finds wrong with settings; a provider that fails approves of nothing."""
    provider = hooks.provider(code)
    work = provider.problems if provider else dict
    try:
        found: dict[str, str] = call(
            hooks.plugin_of(code), places.DELIVERY_SETTINGS, work, settings, answers=dict[str, str]
        )
    except Failed:
        return {"": gettext("What prices this delivery does not answer at the moment. Please try again later.")}
    return found


def _key(code: str, parcel: hooks.Parcel, settings: Mapping[str, object]) -> str:
    asked = msgspec.json.encode([code, parcel, settings], order="sorted")
    return cache.key_of(f"delivery price:{hashlib.sha256(asked).hexdigest()}")


def _keep(provider: hooks.ShippingProvider, key: str, said: hooks.DeliveryPrice | None) -> None:
    """Only for those who ask somebody outside: a table of our own answers as fast as the cache does."""
    if getattr(provider, "asks_outside", False):
        cache.cache.set(key, msgspec.json.encode(said), timeout=KEPT_SECONDS)


def _said_before(key: str) -> hooks.DeliveryPrice | None:
    kept = cache.cache.get(key)
    return msgspec.json.decode(kept, type=hooks.DeliveryPrice | None) if kept else None
