"""The card of the home room."""

from app.core.feature import Feature, MenuEntry
from app.shop.home import backoffice, closed, models

feature = Feature(
    name="home",
    doors=(backoffice.door,),
    models=(models,),
    on_start=(closed.start,),
    permissions={"home.read": "See the home page with its figures"},
    menu=(
        MenuEntry("Home", "home_backoffice.index", icon="house", permission="home.read", place=10),
        MenuEntry(
            "General",
            "home_backoffice.settings",
            icon="settings",
            permission="settings.read",
            place=90,
            section="Settings",
        ),
    ),
)
