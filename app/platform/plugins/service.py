"""Everything that changes what a plugin may do in a shop, or in all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, audit_platform, clock, db, isolation, telling
from app.core.access import Actor, system_actor
from app.core.errors import NotFound
from app.core.events import publish
from app.core.ids import new_id
from app.platform.plugins import declaring, queries, standing
from app.platform.plugins.declaring import Plugin
from app.platform.plugins.errors import NothingToSetUp, PluginStopped
from app.platform.plugins.events import PluginPaused
from app.platform.plugins.models import BY_HAND, FAILING, ON, PAUSED, PluginCost, PluginError, PluginState, PluginStop

PAUSES_AFTER = 10
WITHIN = timedelta(minutes=15)
"""So many failures within so long, and the plugin is paused."""

_LONGEST_SAID = 300
_MANY_CALLS = 5_000


def switch(name: str, state: str, *, by: Actor) -> PluginState:
    """Switch a plugin on, off, or pause it; from the next request on. Raises NotFound, PluginStopped."""
    plugin = plugin_or_404(name)
    if state == ON and standing.is_stopped(name):
        raise PluginStopped(title=plugin.label)
    row = _row(plugin)
    row.state, row.paused_because, row.version = state, BY_HAND if state == PAUSED else "", plugin.version
    _changed()
    audit.record(by, f"plugin.switched_{state}", row, plugin=name)
    return row


def write_settings(name: str, settings: msgspec.Struct, *, by: Actor) -> PluginState:
    """Store what staff typed. An empty secret keeps the one that is stored. Raises NotFound, NothingToSetUp."""
    plugin = plugin_or_404(name)
    if plugin.settings is None:
        raise NothingToSetUp(title=plugin.label)
    typed, row = msgspec.to_builtins(settings), _row(plugin)
    hidden = secret_names(plugin)
    new = {key: value for key, value in typed.items() if key in hidden and value}
    row.settings = {key: value for key, value in typed.items() if key not in hidden}
    row.secrets = msgspec.json.encode(_secrets(row) | new).decode()
    row.version = plugin.version
    _changed()
    audit.record(by, "plugin.set_up", row, plugin=name, new_secrets=sorted(new))
    return row


def settings_of(name: str) -> Any:
    """What this shop set a plugin up with, as the plugin's own schema; its defaults where nothing was stored.

    Raises NotFound for a plugin that is not installed or has no settings, ValidationError where stored settings do not
    fit the schema of a newer version. Where no transaction was open, none is left open: a plugin that waits for
    somebody outside then holds no connection.
    """
    plugin = plugin_or_404(name)
    if plugin.settings is None:
        raise NotFound()
    was_open = db.session().in_transaction()
    row = queries.state_of(name)
    if not was_open:
        db.checkpoint()
    stored = {**row.settings, **_secrets(row)} if row else {}
    return msgspec.convert({key: value for key, value in stored.items() if key in _fields(plugin)}, plugin.settings)


def row_of(name: str) -> PluginState | None:
    """What this shop decided about a plugin, if anything."""
    return queries.state_of(name)


def with_stored_secrets(plugin: Plugin, settings: msgspec.Struct) -> tuple[msgspec.Struct, tuple[str, ...]]:
    """These settings with the stored secrets where they are empty, and all secrets that stand in them."""
    row, hidden = queries.state_of(plugin.name), secret_names(plugin)
    stored = _secrets(row) if row else {}
    missing = {name: stored[name] for name in hidden & set(stored) if not getattr(settings, name)}
    filled = msgspec.structs.replace(settings, **missing)
    return filled, tuple(str(getattr(filled, name)) for name in hidden)


def stored_secrets(name: str) -> set[str]:
    """Names of the secrets that this shop has stored."""
    row = queries.state_of(name)
    return set(_secrets(row)) if row else set()


def secret_names(plugin: Plugin) -> set[str]:
    """The settings that are stored encrypted."""
    return {name for name, one in _fields(plugin).items() if is_secret(one)}


def is_secret(one: msgspec.inspect.Field) -> bool:
    """Is this setting stored encrypted?"""
    return bool(isinstance(one.type, msgspec.inspect.Metadata) and (one.type.extra or {}).get("secret"))


def note_failure(name: str, place: str, kind: str, said: str) -> None:
    """Write a failure down, keep the newest, and pause what fails again and again. Staff get a mail."""
    db.add(PluginError(plugin=name, place=place, kind=kind, said=said[:_LONGEST_SAID]))
    db.flush()
    kept = select(PluginError.id).where(PluginError.plugin == name).order_by(PluginError.id.desc())
    old = kept.offset(queries.MOST_ERRORS).limit(1000)
    gone = list(db.session.scalars(old))
    if gone:
        statement = delete(PluginError).where(PluginError.id.in_(gone))
        db.session.execute(statement.execution_options(synchronize_session=False))
    if queries.errors_since(name, clock.now() - WITHIN) >= PAUSES_AFTER:
        _pause_failing(name)


def add_cost(name: str, calls: int, microseconds: int) -> None:
    """Add what one process counted. What is old weighs less and less: half of it goes when there is much."""
    old_calls, old_time = PluginCost.calls, PluginCost.microseconds
    statement = insert(PluginCost).values(
        tenant_id=isolation.tenant_id(), plugin=name, calls=calls, microseconds=microseconds
    )
    halved = old_calls > _MANY_CALLS
    added = {
        "calls": case((halved, old_calls // 2), else_=old_calls) + calls,
        "microseconds": case((halved, old_time // 2), else_=old_time) + microseconds,
    }
    db.session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "plugin"], set_=added))


def stop_everywhere(name: str, because: str, *, by: Actor) -> None:
    """The operator's switch: no shop's call reaches this plugin from now on, whatever state it is in."""
    db.session.merge(PluginStop(plugin=name, because=because, at=clock.now()))
    audit_platform.record(by, "plugin.stopped_everywhere", name, name=name, reason=because)
    telling.tell(standing.WORD)


def let_go_on(name: str, *, by: Actor) -> None:
    """Take the operator's switch back; shops find the plugin as they left it."""
    for row in queries.all_stops():
        if row.plugin == name:
            db.delete(row)
            audit_platform.record(by, "plugin.let_go_on", name, name=name)
    telling.tell(standing.WORD)


def plugin_or_404(name: str) -> Plugin:
    """The installed plugin of this name. Raises NotFound."""
    found = declaring.installed_as(name)
    if found is None:
        raise NotFound()
    return found.plugin


def _pause_failing(name: str) -> None:
    row = queries.lock_state(name)
    if (row.state if row else standing.current().state(name)) != ON:
        return
    row = row or db.add(PluginState(plugin=name, state=ON))
    row.state, row.paused_because = PAUSED, FAILING
    _changed()
    audit.record(system_actor(), "plugin.paused", row, plugin=name, because=FAILING)
    publish(PluginPaused(plugin=name, pausing=new_id()))


def _row(plugin: Plugin) -> PluginState:
    row = queries.lock_state(plugin.name)
    if row is None:
        starts = standing.current().state(plugin.name)
        row = db.add(PluginState(plugin=plugin.name, state=starts, version=plugin.version, settings={}, secrets="{}"))
    return row


def _changed() -> None:
    db.flush()
    telling.tell(standing.WORD)


def _secrets(row: PluginState) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(row.secrets or "{}")
    return found


def _fields(plugin: Plugin) -> dict[str, msgspec.inspect.Field]:
    if plugin.settings is None:
        return {}
    info = msgspec.inspect.type_info(plugin.settings)
    return {one.name: one for one in getattr(info, "fields", ())}
