"""The card of the ops room."""

from app.console.ops import commands, console, jobs, models, trail
from app.console.ops.console import sessions
from app.core.feature import Feature

feature = Feature(
    name="ops",
    doors=(console.door,),
    models=(models,),
    jobs=(jobs,),
    cli=(commands.operators,),
    on_start=(sessions.register,),
    trail=trail.trail,
)
