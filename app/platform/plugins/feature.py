"""The room's card."""

from flask import Flask

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.plugins import api, backoffice, commands, jobs, models, slots, trail, working
from app.ui import context


def start(app: Flask) -> None:
    """Let templates ask plugins to fill slots."""
    context.provide("slot", lambda: slots.fill)
    context.provide("slots_depend_on", slots.kept_pages_depend_on)


feature = Feature(
    name="plugins",
    doors=(backoffice.door, api.door),
    permissions={
        "plugins.read": mark("See which plugins there are and how they do"),
        "plugins.write": mark("Switch plugins on and off, and set them up"),
    },
    menu=(
        MenuEntry(
            mark("Plugins"),
            "plugins_backoffice.index",
            icon="puzzle",
            permission="plugins.read",
            place=87,
            section=mark("Settings"),
            words=mark("extensions add-ons integrations"),
        ),
    ),
    models=(models,),
    jobs=(jobs, working),
    cli=(commands.plugins,),
    on_start=(start,),
    trail=trail.trail,
)
