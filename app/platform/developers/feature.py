"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.developers import api, backoffice, bearer, models

feature = Feature(
    name="developers",
    doors=(backoffice.door, api.door, api.docs),
    permissions={
        "developers.read": mark("See the keys for programs"),
        "developers.write": mark("Make and revoke keys for programs"),
    },
    menu=(
        MenuEntry(
            "API keys",
            "developers_backoffice.index",
            icon="key",
            permission="developers.read",
            place=85,
            section=mark("Settings"),
        ),
    ),
    models=(models,),
    on_start=(bearer.register,),
)
