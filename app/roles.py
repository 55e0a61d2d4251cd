"""The list of rooms, and the roles: which doors a process answers and which queues it works."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from app.core.feature import Feature

ROOMS = (
    "app.platform.tenancy",
    "app.platform.translating",
    "app.platform.branding",
    "app.platform.mail",
    "app.platform.staff",
    "app.platform.oauth",
    "app.platform.sso",
    "app.platform.support",
    "app.platform.developers",
    "app.platform.webhooks",
    "app.platform.audit",
    "app.platform.plugins",
    "app.shop.customers",
    "app.shop.catalog",
    "app.shop.pages",
    "app.shop.pricing",
    "app.shop.payments",
    "app.shop.shipping",
    "app.shop.orders",
    "app.shop.checkout",
    "app.shop.home",
    "app.bundled.testpay",
    "app.bundled.bank_transfer",
    "app.bundled.flat_shipping",
    "app.bundled.weight_shipping",
    "app.console.onboarding",
    "app.console.ops",
)


@dataclass(frozen=True)
class Role:
    """What one process does. Every process registers all routes, so that links can be built everywhere."""

    surfaces: frozenset[str]
    works: bool = False


ROLES = {
    "all": Role(frozenset({"storefront", "backoffice", "api", "console"})),
    "storefront": Role(frozenset({"storefront"})),
    "backoffice": Role(frozenset({"backoffice"})),
    "api": Role(frozenset({"api"})),
    "console": Role(frozenset({"console"})),
    "worker": Role(frozenset(), works=True),
}


def rooms() -> list[Feature]:
    """The cards of all rooms, from the bottom of the house up, and those of plugins that were installed with pip."""
    ours = [import_module(f"{name}.feature").feature for name in ROOMS]
    return [*ours, *import_module("app.pluginapi.discovery").discover()]
