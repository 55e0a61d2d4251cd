"""Tables: which plugins a shop has switched on and how it set them up; what went wrong with them; who is stopped."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.crypto import EncryptedText
from app.core.db import CatalogueModel, TenantModel, TenantRow, Timestamps, one_of

ON, OFF, PAUSED = "on", "off", "paused"
BY_HAND, FAILING = "by_hand", "failing"


class PluginState(TenantModel, Timestamps):
    """A plugin in one shop. No row: as it starts, which is on for those that ship with us and off for others."""

    __tablename__ = "plugin_state"
    visitors_see = True
    __table_args__ = (
        UniqueConstraint("tenant_id", "plugin"),
        one_of("state", (ON, OFF, PAUSED)),
        one_of("paused_because", ("", BY_HAND, FAILING)),
    )
    plugin: Mapped[str]
    state: Mapped[str]
    paused_because: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    """Of the plugin when it was last switched on or set up."""

    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secrets: Mapped[str] = mapped_column(EncryptedText("plugin_state", "secrets"), default="{}")
    """The settings that nobody sees again, as JSON."""


class PluginError(TenantModel):
    """One failure of a plugin in one shop. Of each plugin the newest are kept."""

    __tablename__ = "plugin_error"
    is_audited = False
    __table_args__ = (Index("ix_plugin_error_plugin", "tenant_id", "plugin", "id"),)
    plugin: Mapped[str]
    place: Mapped[str]
    kind: Mapped[str]
    said: Mapped[str]
    """What was raised, or what was wrong with the answer; cut, and without the settings that are secret."""

    at: Mapped[datetime] = mapped_column(default=clock.now)


class PluginCost(TenantRow):
    """How long the answers of a plugin take in one shop, over the last thousands of calls of all processes."""

    __tablename__ = "plugin_cost"
    is_audited = False

    plugin: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int]
    microseconds: Mapped[int]


class PluginStop(CatalogueModel):
    """A plugin that the operator stopped in every shop."""

    __tablename__ = "plugin_stop"

    plugin: Mapped[str] = mapped_column(primary_key=True)
    because: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
