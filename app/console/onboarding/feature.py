"""The card of the onboarding room."""

from app.console.onboarding import console, models
from app.core.feature import Feature

feature = Feature(
    name="onboarding",
    doors=(console.door,),
    models=(models,),
)
