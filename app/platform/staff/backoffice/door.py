"""The door that all of this room's pages hang on."""

from flask import Response

from app.core.web import BackofficeDoor, page
from app.platform.staff.errors import LinkIsOver

door = BackofficeDoor("staff")


@door.errorhandler(LinkIsOver)
def link_is_over(refusal: LinkIsOver) -> Response:
    """A used or old link gets a page that says how to get a new one."""
    return page("staff/backoffice/link_over.html", refusal.status, sentence=refusal.sentence)
