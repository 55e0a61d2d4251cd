"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.platform.developers import api, backoffice, bearer, models

feature = Feature(
    name="developers",
    doors=(backoffice.door, api.door, api.docs),
    permissions={
        "developers.read": "See the keys for programs",
        "developers.write": "Make and revoke keys for programs",
    },
    menu=(
        MenuEntry(
            "API keys",
            "developers_backoffice.index",
            icon="key",
            permission="developers.read",
            place=85,
            section="Settings",
        ),
    ),
    models=(models,),
    on_start=(bearer.register,),
)
