"""The room's card."""

from app.core.feature import Feature
from app.platform.branding import models

feature = Feature(
    name="branding",
    permissions={
        "branding.read": "See the shop's branding",
        "branding.edit": "Change the branding's draft and preview it",
        "branding.publish": "Publish the branding and bring back an older one",
    },
    models=(models,),
)
