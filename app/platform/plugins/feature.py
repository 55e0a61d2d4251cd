"""The room's card."""

from app.core.feature import Feature
from app.core.i18n import mark
from app.platform.plugins import jobs, models

feature = Feature(
    name="plugins",
    permissions={
        "plugins.read": mark("See which plugins there are and how they do"),
        "plugins.write": mark("Switch plugins on and off, and set them up"),
    },
    models=(models,),
    jobs=(jobs,),
)
