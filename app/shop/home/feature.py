"""The card of the home room."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.home import api, backoffice, closed, jobs, models, previews

feature = Feature(
    name="home",
    doors=(backoffice.door, previews.door, api.door),
    models=(models,),
    jobs=(jobs,),
    on_start=(closed.start, previews.start),
    permissions={"home.read": mark("See the home page with its figures")},
    menu=(
        MenuEntry(mark("Home"), "home_backoffice.index", icon="house", permission="home.read", place=10),
        MenuEntry(
            mark("General"),
            "home_backoffice.settings",
            icon="settings",
            permission="settings.read",
            place=90,
            section=mark("Settings"),
        ),
    ),
)
