"""Who is invited to work here."""

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import Page, accepts, page_of, returns
from app.platform.staff import queries, service
from app.platform.staff.api.door import door, role_id, role_name
from app.platform.staff.errors import AlreadyHere, MoreThanYouHold
from app.platform.staff.models import Invitation
from app.platform.staff.programs import InvitationOut, InvitationsWanted, InvitationWritten


@door.get("/staff/invitations")
@requires("staff.read")
@returns(Page[InvitationOut])
@accepts(InvitationsWanted)
def list_invitations(query: InvitationsWanted) -> Page[InvitationOut]:
    """List invitations that wait for an answer, newest first or as `sort` says."""
    found = queries.listed_invitations(query)
    return page_of([_invitation(one) for one in found.rows], found.next or None)


@door.post("/staff/invitations")
@requires("staff.write")
@returns(InvitationOut, errors=(AlreadyHere, MoreThanYouHold), status=201)
@accepts(InvitationWritten)
def invite(body: InvitationWritten) -> InvitationOut:
    """Invite somebody by mail. An address that is invited already gets a new letter in place of the old one.

    A program invites to nothing that it may not do itself.
    """
    return _invitation(service.invite(body.email, role_name(body.role), by=current_actor()))


@door.get("/staff/invitations/<invitation_id>")
@requires("staff.read")
@returns(InvitationOut)
def get_invitation(invitation_id: str) -> InvitationOut:
    """Read one invitation."""
    return _invitation(queries.invitation_or_404(_id(invitation_id)))


@door.post("/staff/invitations/<invitation_id>/again")
@requires("staff.write")
@returns(InvitationOut, errors=(MoreThanYouHold,))
def invite_again(invitation_id: str) -> InvitationOut:
    """Send the letter once more, with a new date."""
    return _invitation(service.invite_again(_id(invitation_id), by=current_actor()))


@door.delete("/staff/invitations/<invitation_id>")
@requires("staff.write")
@returns(InvitationOut)
def withdraw_invitation(invitation_id: str) -> InvitationOut:
    """Take an invitation back. Its link stops working."""
    told = _invitation(queries.invitation_or_404(_id(invitation_id)))
    service.withdraw(_id(invitation_id), by=current_actor())
    return told


def _id(text: str) -> UUID:
    return from_public(PREFIXES["invitation_id"], text)


def _invitation(one: Invitation) -> InvitationOut:
    return InvitationOut(
        id=to_public(PREFIXES["invitation_id"], one.id), email=one.email, role=role_id(queries.role_of(one)),
        invited_by=to_public(PREFIXES["staff_id"], one.invited_by), created_at=one.created_at,
        expires_at=one.expires_at,
    )  # fmt: skip
