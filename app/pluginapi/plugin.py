"""How what a plugin declares becomes part of this process."""

from __future__ import annotations

from app.core.feature import Feature
from app.platform.plugins import declaring, working
from app.platform.plugins.declaring import Plugin
from app.platform.plugins.slots import SLOTS
from app.shop.payments import hooks as payments
from app.shop.shipping import hooks as shipping


def install(plugin: Plugin, *, is_bundled: bool = True) -> Feature:
    """Make a plugin known to this process and answer with its card, which the house treats as a room's.

    Raises WrongDeclaration, and then nothing of the plugin is known.
    """
    declaring.declare(plugin, is_bundled=is_bundled, slots=SLOTS)
    for gateway in plugin.gateways:
        payments.register(gateway, plugin.name)
    for provider in plugin.shipping:
        shipping.register(provider, plugin.name)
    working.begin(plugin)
    return Feature(
        name=plugin.name, doors=plugin.doors, models=plugin.models, jobs=plugin.jobs,
        permissions=dict(plugin.permissions),
    )  # fmt: skip
