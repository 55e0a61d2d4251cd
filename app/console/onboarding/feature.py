"""The card of the onboarding room."""

from app.console.onboarding import commands, console, jobs, models
from app.core.feature import Feature

feature = Feature(
    name="onboarding",
    doors=(console.door,),
    models=(models,),
    jobs=(jobs,),
    cli=(commands.tenants,),
)
