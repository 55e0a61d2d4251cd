"""Plugins that were installed with pip: every entry point of the group `livery.plugins` names a Plugin."""

from __future__ import annotations

import logging
from importlib.metadata import EntryPoint, entry_points

from app.core.feature import Feature
from app.platform.plugins import declaring
from app.platform.plugins.declaring import Plugin, WrongDeclaration
from app.pluginapi.doors import PluginDoor
from app.pluginapi.plugin import install

GROUP = "livery.plugins"
_log = logging.getLogger("app.plugins")


def discover() -> list[Feature]:
    """The cards of all plugins that can be loaded. One that cannot is left out and named by `plugins doctor`."""
    cards = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            cards.append(_loaded(point))
        except Exception as problem:  # noqa: BLE001 - a stranger's module may raise anything, and nobody else suffers
            _log.exception("the plugin %s cannot be loaded", point.name)
            declaring.refuse(point.name, f"{type(problem).__name__}: {problem}"[:500])
    return cards


def _loaded(point: EntryPoint) -> Feature:
    plugin = point.load()
    if not isinstance(plugin, Plugin):
        raise WrongDeclaration(f"{point.value} is no Plugin.")
    if plugin.models or plugin.jobs:
        raise WrongDeclaration(
            "Tables and jobs of its own are for plugins that ship with the shop; not for others yet."
        )
    for door in plugin.doors:
        if not isinstance(door, PluginDoor) or door.plugin != plugin.name:
            raise WrongDeclaration(f"Its routes must stand below /x/{plugin.name}/: use PluginDoor({plugin.name!r}).")
    return install(plugin, is_bundled=False)
