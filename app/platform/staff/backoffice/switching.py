"""From one shop to another that the same person works in."""

from uuid import UUID

from flask import Response

from app.core.access import current_actor, public, requires
from app.core.errors import NotFound
from app.core.web import accepts, extend_csp, page, redirect_to
from app.platform.staff import hooks, switching
from app.platform.staff.backoffice import admitting, sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import Nothing


@door.get("/shops")
@requires("profile.write")
def shops() -> Response:
    """The other shops where one works."""
    found: list[tuple[UUID, str]] = []
    if hooks.ELSEWHERE in sessions.means():
        return page("staff/backoffice/shops.html", shops=found)
    for shop in switching.other_shops(sessions.current_member()):
        origin = switching.origin_of(shop.id)
        extend_csp("form-action", origin)
        found.append((shop.id, origin.partition("://")[2]))
    return page("staff/backoffice/shops.html", shops=found)


@door.post("/shops/<uuid:shop_id>")
@requires("profile.write")
@accepts(Nothing)
def switch(form: Nothing, shop_id: UUID) -> Response:
    """Go there; the session here stays.

    Not by the word of a shop's own provider: it could name anybody, also somebody of another shop.
    """
    if hooks.ELSEWHERE in sessions.means():
        raise NotFound
    return redirect_to(switching.ticket_to(shop_id, sessions.current_member()))


@door.get("/enter/ticket/<ticket>")
@public
def arrive(ticket: str) -> Response:
    """Come in from another shop; whoever is in already, as the same person, goes on."""
    member = switching.use_ticket(ticket)
    if current_actor().id != member.id:
        return admitting.admit(member, "ticket")
    return redirect_to("/admin")
