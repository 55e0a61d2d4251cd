"""Plugins for programs."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.rest import ApiDoor, accepts, returns
from app.platform.plugins import fields, queries, service, showing, trying
from app.platform.plugins.errors import NoConnection, NothingToSetUp, PluginStopped
from app.platform.plugins.models import OFF, ON, PAUSED
from app.platform.plugins.schemas import ConnectionOut, ErrorOut, PluginDetailOut, PluginOut, PluginsOut, SettingsIn
from app.platform.plugins.showing import Shown

door = ApiDoor("plugins")


@door.get("/plugins")
@requires("plugins.read")
@returns(PluginsOut)
def list_plugins() -> PluginsOut:
    """List every installed plugin with its state in this shop."""
    return PluginsOut([PluginOut(**_told(one)) for one in showing.gallery()])


@door.get("/plugins/<plugin>")
@requires("plugins.read")
@returns(PluginDetailOut, errors=(NotFound,))
def show_plugin(plugin: str) -> PluginDetailOut:
    """Show one plugin with its newest failures."""
    return _out(plugin)


@door.put("/plugins/<plugin>/settings")
@requires("plugins.write")
@returns(PluginDetailOut, errors=(NotFound, NothingToSetUp))
@accepts(SettingsIn)
def set_up_plugin(body: SettingsIn, plugin: str) -> PluginDetailOut:
    """Write the settings of a plugin. An empty secret keeps the one that is stored."""
    service.write_settings(plugin, _typed(plugin, body), by=current_actor())
    return _out(plugin)


@door.post("/plugins/<plugin>/test")
@requires("plugins.write")
@returns(ConnectionOut, errors=(NotFound, NothingToSetUp, NoConnection))
@accepts(SettingsIn)
def test_plugin(body: SettingsIn, plugin: str) -> ConnectionOut:
    """Let a plugin try settings, and store them when they work."""
    settings = _typed(plugin, body)
    said = trying.try_settings(plugin, settings)
    service.write_settings(plugin, settings, by=current_actor())
    return ConnectionOut(said)


@door.post("/plugins/<plugin>/on")
@requires("plugins.write")
@returns(PluginDetailOut, errors=(NotFound, PluginStopped))
def switch_plugin_on(plugin: str) -> PluginDetailOut:
    """Switch a plugin on: it is called from the next request on."""
    service.switch(plugin, ON, by=current_actor())
    return _out(plugin)


@door.post("/plugins/<plugin>/pause")
@requires("plugins.write")
@returns(PluginDetailOut, errors=(NotFound,))
def pause_plugin(plugin: str) -> PluginDetailOut:
    """Pause a plugin: the shop goes on without it. Payments under way are still settled."""
    service.switch(plugin, PAUSED, by=current_actor())
    return _out(plugin)


@door.post("/plugins/<plugin>/off")
@requires("plugins.write")
@returns(PluginDetailOut, errors=(NotFound,))
def switch_plugin_off(plugin: str) -> PluginDetailOut:
    """Switch a plugin off. Payments under way are still settled."""
    service.switch(plugin, OFF, by=current_actor())
    return _out(plugin)


def _typed(name: str, body: SettingsIn) -> object:
    plugin = service.plugin_or_404(name)
    if plugin.settings is None:
        raise NothingToSetUp(title=plugin.label)
    return fields.typed(plugin, body.settings)


def _out(name: str) -> PluginDetailOut:
    shown = showing.one(name)
    errors = [ErrorOut(one.at, one.place, one.kind, one.said) for one in queries.errors_of(name)]
    return PluginDetailOut(**_told(shown), errors=errors)


def _told(shown: Shown) -> dict[str, object]:
    plugin, row = shown.plugin, queries.state_of(shown.plugin.name)
    return {
        "name": plugin.name, "title": shown.title, "description": plugin.description, "version": plugin.version,
        "state": shown.state, "paused_because": shown.paused_because, "is_stopped": shown.is_stopped,
        "reads": list(plugin.reads), "connects_to": list(plugin.connects_to),
        "settings": dict(row.settings) if row else {}, "stored_secrets": sorted(service.stored_secrets(plugin.name)),
        "failures": shown.failures, "milliseconds": shown.milliseconds,
    }  # fmt: skip
