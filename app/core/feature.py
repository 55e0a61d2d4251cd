"""A room's card: all that the house needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class MenuEntry:
    """A line in the back office's menu, shown to those who hold the permission."""

    label: str
    endpoint: str
    icon: str = "circle"
    permission: str = ""
    place: int = 50
    section: str = ""
    words: str = ""
    """Other words by which the palette finds it."""


@dataclass(frozen=True)
class Trail:
    """How a room's entries in the audit trail read (core/audit.py); marked words, said where they are shown."""

    sentences: dict[str, str] = field(default_factory=dict)
    """Action to sentence, with `%(who)s`, and `%(what)s` where the thing has a name."""
    things: dict[str, str] = field(default_factory=dict)
    """Table to what people call one row of it."""
    is_of_platform: bool = False
    """They stand in the platform's own trail (core/audit_platform.py), and in no tenant's."""


@dataclass(frozen=True)
class Feature:
    """What a room brings: its doors, permissions, menu entries, tables, jobs, and what it does at start."""

    name: str
    doors: tuple[Any, ...] = ()
    permissions: dict[str, str] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
    actions: tuple[MenuEntry, ...] = ()
    """What the palette offers besides the menu's pages: things to do, and pages that are not in the menu."""
    models: tuple[ModuleType, ...] = ()
    jobs: tuple[ModuleType, ...] = ()
    cli: tuple[Any, ...] = ()
    slots: tuple[Any, ...] = ()
    on_start: tuple[Any, ...] = ()
    trail: Trail = field(default_factory=Trail)
