"""Which sites may call the API from their pages."""

from __future__ import annotations

from uuid import UUID

from app.core import audit, db, rest_cors
from app.core.access import Actor
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.core.rest_cors import ApiOrigin
from app.platform.developers import queries


def allow(text: str, *, by: Actor) -> ApiOrigin:
    """Let the pages of one more site in; one that is let in already stays. Raises InvalidInput."""
    origin = rest_cors.normalised(text)
    known = rest_cors.all_origins()
    found = next((one for one in known if one.origin == origin), None)
    if found is not None:
        return found
    if len(known) >= rest_cors.MOST:
        raise InvalidInput({"origin": gettext("There are %(most)s already. Remove one first.", most=rest_cors.MOST)})
    made: ApiOrigin = db.add(ApiOrigin(origin=origin))
    db.flush()
    audit.record(by, "api_origin.allowed", made, origin=origin)
    return made


def forbid(origin_id: UUID, *, by: Actor) -> ApiOrigin:
    """Let a site's pages in no more, from their next request on. Raises NotFound."""
    gone = queries.origin_or_404(origin_id)
    audit.record(by, "api_origin.forbidden", gone, origin=gone.origin)
    db.delete(gone)
    db.flush()
    return gone
