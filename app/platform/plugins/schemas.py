"""What programs send and read of plugins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class SettingsIn(msgspec.Struct, forbid_unknown_fields=True):
    """A plugin's settings by name. An empty secret keeps the one that is stored."""

    settings: dict[str, Any]


class ErrorOut(msgspec.Struct):
    """One failure: where the plugin was called, and what became of it."""

    at: datetime
    place: str
    kind: str
    said: str


class PluginOut(msgspec.Struct):
    """A plugin as this shop has it. Settings that are secret are never read back: only that they are there."""

    name: str
    title: str
    description: str
    version: str
    state: str
    paused_because: str
    is_stopped: bool
    reads: list[str]
    connects_to: list[str]
    settings: dict[str, Any]
    stored_secrets: list[str]
    failures: int
    """Of the last day."""

    milliseconds: float | None
    """How long an answer takes on the average."""


class PluginDetailOut(PluginOut):
    """The same with its newest failures."""

    errors: list[ErrorOut]


class PluginsOut(msgspec.Struct):
    """Every installed plugin, by name."""

    items: list[PluginOut]


class ConnectionOut(msgspec.Struct):
    """What a plugin said when it tried its settings."""

    said: str
