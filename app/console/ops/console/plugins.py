"""Plugins of this installation, and the switch that stops one in every shop."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.console.ops.console.door import door
from app.console.ops.schemas import Nothing, Suspend
from app.core.access import current_actor, for_operator, fresh_proof
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.plugins import declaring, queries, service


@door.get("/console/plugins")
@for_operator
def list_plugins(**_: Any) -> Response:
    """Every installed plugin, those that could not be loaded, and which are stopped."""
    return page(
        "ops/console/plugins.html",
        installed=declaring.installed(),
        refused=sorted(declaring.refused().items()),
        stops={row.plugin: row for row in queries.all_stops()},
    )


@door.get("/console/plugins/<plugin>")
@for_operator
def show_plugin(plugin: str, **_: Any) -> Response:
    """One plugin: what it brings, sees and connects to, and its switch."""
    known = service.plugin_or_404(plugin)
    stop = next((row for row in queries.all_stops() if row.plugin == plugin), None)
    return page("ops/console/plugin.html", plugin=known, stop=stop)


@door.post("/console/plugins/<plugin>/stop")
@for_operator
@fresh_proof
@accepts(Suspend, again=show_plugin)
def stop_plugin(form: Suspend, plugin: str) -> Response:
    """Stop a plugin in every shop, from the next request on."""
    title = service.plugin_or_404(plugin).label
    service.stop_everywhere(plugin, form.because, by=current_actor())
    return redirect_to(url_for(".list_plugins"), gettext("%(title)s is stopped in every shop.", title=gettext(title)))


@door.post("/console/plugins/<plugin>/go-on")
@for_operator
@fresh_proof
@accepts(Nothing, again=show_plugin)
def let_plugin_go_on(form: Nothing, plugin: str) -> Response:
    """Take a stop back: shops find the plugin as they left it."""
    title = service.plugin_or_404(plugin).label
    service.let_go_on(plugin, by=current_actor())
    return redirect_to(url_for(".list_plugins"), gettext("%(title)s goes on.", title=gettext(title)))
