"""The room's card."""

from app.core.feature import Feature
from app.core.i18n import mark
from app.platform.translating import api, backoffice, models, trail

feature = Feature(
    name="translating",
    doors=(backoffice.door, api.door),
    permissions={"translations.edit": mark("Write the shop's texts in further languages")},
    models=(models,),
    trail=trail.trail,
)
