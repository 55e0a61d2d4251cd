"""Facts of the plugins room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact


@dataclass(frozen=True)
class PluginPaused(Fact, name="plugins.plugin_paused", version=1):
    """A plugin failed again and again in this shop and is not called any more until staff switch it on."""

    plugin: str
    pausing: UUID
