"""The room's card."""

from app.core import relay
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.webhooks import api, backoffice, jobs, models, spreading, trail

feature = Feature(
    name="webhooks",
    doors=(backoffice.door, api.door),
    permissions={
        "webhooks.read": mark("See which programs are told what, and the log"),
        "webhooks.write": mark("Tell other programs what happens, and send it again"),
    },
    menu=(
        MenuEntry(
            mark("Webhooks"),
            "webhooks_backoffice.index",
            icon="webhook",
            permission="webhooks.read",
            place=86,
            section=mark("Settings"),
            words="API",
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(lambda app: relay.also(spreading.spread),),
    trail=trail.trail,
)
