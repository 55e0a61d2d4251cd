"""What programs may be given: the same catalogue as for people, less what only a person can do."""

from app.core import access
from app.core.access import Actor
from app.core.i18n import mark

_FOR_PEOPLE_ONLY = ("profile.",)
EXPLICIT = frozenset({"staff.write", "sso.manage", "developers.write", "oauth.write", "support.write", "audit.keep"})
"""Scopes that let others in. Nobody gets one without naming it, and whoever gives one has just proven who they are."""
OF_PERSON = {
    "openid": mark("Know who you are"),
    "profile": mark("See your name"),
    "email": mark("See your e-mail address"),
}
"""Scopes of OpenID Connect; they tell of the person and open nothing."""


def offered_to(maker: Actor) -> dict[str, str]:
    """Scopes that this person may give to a program: name -> sentence."""
    return {
        name: sentence
        for name, sentence in access.catalogue_of_permissions().items()
        if maker.may(name) and not name.startswith(_FOR_PEOPLE_ONLY)
    }


def all_of_them() -> list[str]:
    """Every scope there is, for the description of the server."""
    return [*OF_PERSON, *for_programs()]


def for_programs() -> list[str]:
    """Every scope that opens something of the API."""
    return [*offered_to(Actor("staff", permissions=frozenset(access.catalogue_of_permissions())))]
