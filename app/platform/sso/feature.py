"""The room's card."""

from typing import Any

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.sso import api, backoffice, models, trail
from app.platform.staff import hooks


def register(app: Any) -> None:
    """Let the sign-in page offer the provider."""
    hooks.other_way[:] = [backoffice.entry.way_in]


feature = Feature(
    name="sso",
    doors=(backoffice.door, api.door),
    permissions={"sso.manage": mark("Choose a provider by which colleagues sign in")},
    actions=(
        MenuEntry(
            mark("Sign-in provider"),
            "sso_backoffice.index",
            icon="key",
            permission="sso.manage",
            words=mark("single sign-on SSO OpenID Entra Google Okta Keycloak"),
        ),
    ),
    models=(models,),
    on_start=(register,),
    trail=trail.trail,
)
