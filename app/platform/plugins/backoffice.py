"""Plugins in the back office: a gallery, and one page to set a plugin up and see how it does."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, refuse_old_proof, requires
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.plugins import fields, queries, service, showing, trying
from app.platform.plugins.models import OFF, ON, PAUSED
from app.platform.plugins.places import PLACES
from app.platform.plugins.schemas import Nothing

door = BackofficeDoor("plugins")


@door.get("/plugins")
@requires("plugins.read")
def index() -> Response:
    """Every installed plugin, what it does, and how it does."""
    return page("plugins/backoffice/index.html", plugins=showing.gallery())


@door.get("/plugins/<plugin>")
@requires("plugins.read")
def show(plugin: str) -> Response:
    """One plugin: its settings, what it sees, what went wrong."""
    shown = showing.one(plugin)
    if shown.plugin.settings is not None:
        refuse_old_proof()
    return page(
        "plugins/backoffice/show.html",
        shown=shown, fields=fields.fields_of(shown.plugin), errors=queries.errors_of(plugin),
        places={name: gettext(place.title) for name, place in PLACES.items()},
    )  # fmt: skip


@door.post("/plugins/<plugin>")
@requires("plugins.write")
@fresh_proof
def set_up(plugin: str) -> Any:
    """Store the settings; the form is the plugin's own."""

    def save(form: Any, plugin: str) -> Response:
        service.write_settings(plugin, form, by=current_actor())
        return redirect_to(url_for(".show", plugin=plugin), gettext("Saved."))

    return _with_form(plugin, save)


@door.post("/plugins/<plugin>/test")
@requires("plugins.write")
@fresh_proof
def test(plugin: str) -> Any:
    """Try the settings as they are typed, and store them when they work."""

    def try_and_save(form: Any, plugin: str) -> Response:
        said = trying.try_settings(plugin, form)
        service.write_settings(plugin, form, by=current_actor())
        return redirect_to(url_for(".show", plugin=plugin), said or gettext("The connection works. Saved."))

    return _with_form(plugin, try_and_save)


def _with_form(plugin: str, then: Any) -> Any:
    schema = service.plugin_or_404(plugin).settings
    if schema is None:
        return redirect_to(url_for(".show", plugin=plugin))
    return accepts(schema, again=show)(then)(plugin=plugin)


@door.post("/plugins/<plugin>/on")
@requires("plugins.write")
@accepts(Nothing, again=show)
def switch_on(form: Nothing, plugin: str) -> Response:
    """From the next request on it is called."""
    return _switched(plugin, ON, gettext("Switched on."))


@door.post("/plugins/<plugin>/pause")
@requires("plugins.write")
@accepts(Nothing, again=show)
def pause(form: Nothing, plugin: str) -> Response:
    """Not called for a while; nothing that it knows is lost."""
    return _switched(plugin, PAUSED, gettext("Paused. Your shop goes on without it."))


@door.post("/plugins/<plugin>/off")
@requires("plugins.write")
@accepts(Nothing, again=show)
def switch_off(form: Nothing, plugin: str) -> Response:
    """Not called any more."""
    return _switched(plugin, OFF, gettext("Switched off."))


def _switched(plugin: str, state: str, say: str) -> Response:
    service.switch(plugin, state, by=current_actor())
    return redirect_to(url_for(".show", plugin=plugin), say)
