"""Reading what shops did with plugins, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.core import db
from app.core.once import read_once
from app.platform.plugins.models import PluginCost, PluginError, PluginState, PluginStop

MOST_ERRORS = 50


def all_states() -> list[PluginState]:
    """What this shop decided, a row a plugin that it decided something about."""
    return list(read_once(PluginState, lambda: db.session.scalars(select(PluginState)).all()))


def state_of(plugin: str) -> PluginState | None:
    """What this shop decided about one plugin."""
    return next((row for row in all_states() if row.plugin == plugin), None)


def lock_state(plugin: str) -> PluginState | None:
    """The same, to be changed."""
    statement = select(PluginState).where(PluginState.plugin == plugin).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def errors_of(plugin: str, most: int = MOST_ERRORS) -> Sequence[PluginError]:
    """The newest failures of a plugin in this shop, the last one first."""
    newest = select(PluginError).where(PluginError.plugin == plugin).order_by(PluginError.id.desc())
    return db.session.scalars(newest.limit(most)).all()


def errors_since(plugin: str, moment: datetime) -> int:
    """How often a plugin failed here since a moment; at most as many as are kept."""
    newest = select(PluginError.at).where(PluginError.plugin == plugin).order_by(PluginError.id.desc())
    return sum(at >= moment for at in db.session.scalars(newest.limit(MOST_ERRORS)))


def failing_since(moment: datetime) -> dict[str, int]:
    """How often each plugin failed here since a moment."""
    counted = select(PluginError.plugin, func.count()).where(PluginError.at >= moment).group_by(PluginError.plugin)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def milliseconds() -> dict[str, float]:
    """How long an answer of each plugin takes here on the average, as far as it was counted."""
    rows = db.session.scalars(select(PluginCost))
    return {row.plugin: row.microseconds / row.calls / 1000 for row in rows if row.calls}


def all_stops() -> Sequence[PluginStop]:
    """What the operator stopped, by name."""
    return db.catalogue.scalars(select(PluginStop).order_by(PluginStop.plugin)).all()
