"""Which permissions a key may hold: the same catalogue as for people, less what only a person can do."""

from app.core import access
from app.core.access import Actor

_FOR_PEOPLE_ONLY = ("profile.", "staff.", "developers.")


def offered_to(maker: Actor) -> dict[str, str]:
    """Scopes that this person may give to a key: name -> sentence."""
    return {
        name: sentence
        for name, sentence in access.catalogue_of_permissions().items()
        if maker.may(name) and not name.startswith(_FOR_PEOPLE_ONLY)
    }
