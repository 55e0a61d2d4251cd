"""The room's card."""

from app.core.feature import Feature
from app.core.i18n import mark
from app.platform.tenancy import jobs, models

feature = Feature(
    name="tenancy",
    permissions={
        "settings.read": mark("See the shop's settings"),
        "settings.write": mark("Change the shop's settings"),
        "settings.close": mark("Close the shop to shoppers and open it again"),
    },
    models=(models,),
    jobs=(jobs,),
)
