"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.plugins import api, backoffice, jobs, models, trail

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
    jobs=(jobs,),
    trail=trail.trail,
)
