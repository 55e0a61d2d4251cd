"""Pages of a plugin: below /x/<plugin>/ on every shop that has it on."""

from __future__ import annotations

from app.core.errors import NotFound
from app.core.web import Door
from app.platform.plugins import standing


class PluginDoor(Door):
    """Routes of one plugin. Where the plugin is not on, they are not there."""

    surface = "storefront"

    def __init__(self, plugin: str) -> None:
        super().__init__(f"x_{plugin}", prefix=f"/x/{plugin}")
        self.plugin = plugin
        self.before_request(self._refuse_where_it_is_off)

    def _refuse_where_it_is_off(self) -> None:
        if not standing.is_on(self.plugin):
            raise NotFound()
