"""What a plugin declares of itself."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from app.core.feature import Feature
from app.shop.payments import hooks as payments
from app.shop.shipping import hooks as shipping


@dataclass(frozen=True)
class Plugin:
    """Name, version and everything that the plugin brings. Doors answer below paths of the plugin's own."""

    name: str
    version: str
    gateways: tuple[payments.PaymentGateway, ...] = ()
    shipping: tuple[shipping.ShippingProvider, ...] = ()
    doors: tuple[Any, ...] = ()
    models: tuple[ModuleType, ...] = ()
    jobs: tuple[ModuleType, ...] = ()


def install(plugin: Plugin) -> Feature:
    """Make the plugin's ports known to this process and answer with its card, which the house treats as a room's."""
    for gateway in plugin.gateways:
        payments.register(gateway)
    for provider in plugin.shipping:
        shipping.register(provider)
    return Feature(name=plugin.name, doors=plugin.doors, models=plugin.models, jobs=plugin.jobs)
