"""The room's card."""

from app.core import rest_batch_job
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.developers import api, api_access, backoffice, bearer, jobs, models, noting, trail

feature = Feature(
    name="developers",
    doors=(backoffice.door, api_access.door, api.docs),
    permissions={
        "developers.read": mark("See the keys for programs"),
        "developers.write": mark("Make and revoke keys for programs"),
    },
    menu=(
        MenuEntry(
            mark("Developers"),
            "developers_backoffice.index",
            icon="code",
            permission="developers.read",
            place=85,
            section=mark("Settings"),
            words=mark("API keys apps integrations"),
        ),
    ),
    actions=(
        MenuEntry(
            mark("Requests of programs"),
            "developers_backoffice.requests",
            icon="list",
            permission="developers.read",
            words=mark("API log errors"),
        ),
        MenuEntry(
            mark("First call"),
            "developers_backoffice.first_call",
            icon="zap",
            permission="developers.write",
            words=mark("API curl try"),
        ),
    ),
    models=(models,),
    jobs=(jobs, rest_batch_job),
    on_start=(bearer.register, noting.register),
    trail=trail.trail,
)
