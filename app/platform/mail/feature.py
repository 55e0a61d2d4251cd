"""The room's card. It has no pages: other rooms send, the worker delivers, programs ask what became of letters."""

from app.core.feature import Feature
from app.core.i18n import mark
from app.platform.mail import api, jobs, models, trail

feature = Feature(
    name="mail",
    doors=(api.door,),
    permissions={
        "mail.read": mark("See which letters were sent, to whom, and what became of them"),
        "mail.send": mark("Send a letter once more"),
    },
    models=(models,),
    jobs=(jobs,),
    trail=trail.trail,
)
