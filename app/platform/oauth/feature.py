"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.oauth import api, api_apps, backoffice, checking, jobs, models, trail

feature = Feature(
    name="oauth",
    doors=(backoffice.door, api.door, api_apps.door),
    permissions={
        "oauth.read": mark("See the apps that ask people for access"),
        "oauth.write": mark("Register and remove apps, and change the key that signs"),
    },
    actions=(
        MenuEntry(
            mark("Apps"),
            "oauth_backoffice.index",
            icon="puzzle",
            permission="oauth.read",
            words=mark("OAuth OpenID client sign in"),
        ),
        MenuEntry(
            mark("Apps that act for you"),
            "oauth_backoffice.own",
            icon="puzzle",
            permission="profile.write",
            words=mark("consent access take back OAuth"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(checking.register,),
    trail=trail.trail,
)
