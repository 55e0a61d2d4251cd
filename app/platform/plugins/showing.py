"""A plugin as staff and programs see it: what it says of itself, and how it does in this shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.core import clock
from app.core.i18n import gettext
from app.platform.plugins import declaring, queries, service, standing
from app.platform.plugins.declaring import Installed, Plugin
from app.platform.plugins.models import ON

LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One plugin of the gallery."""

    plugin: Plugin
    is_bundled: bool
    state: str
    paused_because: str
    is_stopped: bool
    failures: int
    """Of the last day."""

    milliseconds: float | None
    """How long an answer takes on the average; None before it was measured."""

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return gettext(self.plugin.label)

    @property
    def is_well(self) -> bool:
        """On, and nothing went wrong lately."""
        return self.state == ON and not self.is_stopped and not self.failures


def gallery() -> list[Shown]:
    """Every installed plugin: those that are on first, then by title."""
    failures, costs = queries.failing_since(clock.now() - LATELY), queries.milliseconds()
    found = [_shown(one, failures, costs) for one in declaring.installed()]
    return sorted(found, key=lambda one: (one.state != ON, one.title.casefold()))


def one(name: str) -> Shown:
    """One plugin. Raises NotFound."""
    plugin = service.plugin_or_404(name)
    failures, costs = queries.failing_since(clock.now() - LATELY), queries.milliseconds()
    known = declaring.installed_as(name)
    return _shown(known or Installed(plugin, is_bundled=False), failures, costs)


def _shown(known: Installed, failures: dict[str, int], costs: dict[str, float]) -> Shown:
    name = known.plugin.name
    row = queries.state_of(name)
    return Shown(
        plugin=known.plugin,
        is_bundled=known.is_bundled,
        state=standing.current().state(name),
        paused_because=row.paused_because if row else "",
        is_stopped=standing.is_stopped(name),
        failures=failures.get(name, 0),
        milliseconds=costs.get(name),
    )
