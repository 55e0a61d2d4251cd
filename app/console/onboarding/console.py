"""Door: the platform's front page and the sign-up wizard."""

from flask import Response

from app.core.access import public
from app.core.web import ConsoleDoor, page

door = ConsoleDoor("onboarding")


@door.get("/welcome")
@public
def landing() -> Response:
    """What this is, and the way in."""
    return page("onboarding/console/landing.html")
