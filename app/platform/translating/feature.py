"""The room's card."""

from app.core.feature import Feature
from app.core.i18n import mark
from app.platform.translating import backoffice, models

feature = Feature(
    name="translating",
    doors=(backoffice.door,),
    permissions={"translations.edit": mark("Write the shop's texts in further languages")},
    models=(models,),
)
