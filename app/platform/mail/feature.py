"""The room's card. It has no door: other rooms send, the worker delivers."""

from app.core.feature import Feature
from app.platform.mail import jobs, models

feature = Feature(name="mail", models=(models,), jobs=(jobs,))
