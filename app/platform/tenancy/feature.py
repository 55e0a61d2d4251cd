"""The room's card."""

from app.core.feature import Feature
from app.platform.tenancy import jobs, models

feature = Feature(
    name="tenancy",
    permissions={
        "settings.read": "See the shop's settings",
        "settings.write": "Change the shop's settings",
        "settings.close": "Close the shop to shoppers and open it again",
    },
    models=(models,),
    jobs=(jobs,),
)
