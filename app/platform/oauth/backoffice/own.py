"""The apps that a person has let in themselves: everybody may see them and take a consent back."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import requires
from app.core.i18n import gettext
from app.core.web import accepts, done, page
from app.platform.oauth import queries, service
from app.platform.oauth.backoffice.door import door
from app.platform.oauth.schemas import Nothing
from app.platform.staff.backoffice.sessions import current_member


@door.get("/profile/apps")
@requires("profile.write")
def own() -> Response:
    """Which apps act for whoever is signed in."""
    return page("oauth/backoffice/own.html", **_mine())


@door.post("/profile/apps/<uuid:grant_id>/withdraw")
@requires("profile.write")
@accepts(Nothing)
def withdraw_own(form: Nothing, grant_id: UUID) -> Response:
    """Take one's own consent back: codes and tokens of it stop at once."""
    service.withdraw_own(grant_id, by=current_member())
    return done(
        "oauth/backoffice/_own.html", say=gettext("The app has to ask again."), back_to=url_for(".own"), **_mine()
    )


def _mine() -> dict[str, Any]:
    return {"grants": queries.grants_by(current_member().id)}
