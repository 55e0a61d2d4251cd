"""Colleagues: who works here, what they may do, and who is invited."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext
from app.core.web import accepts, done, page
from app.platform.staff import queries, service
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import ChangeRole, Invite, Nothing

_PEOPLE = "staff/backoffice/_people.html"


@door.get("/staff")
@requires("staff.read")
def index(**_: Any) -> Response:
    """Everybody who works here, open invitations, and the form that invites."""
    return page("staff/backoffice/index.html", **_people())


@door.post("/staff/invitations")
@requires("staff.write")
@fresh_proof
@accepts(Invite, again=index)
def invite(form: Invite) -> Response:
    """Invite somebody by mail."""
    invitation = service.invite(form.email, form.role, by=current_actor())
    return _changed(gettext("An invitation is on its way to %(email)s.", email=invitation.email))


@door.post("/staff/invitations/<uuid:invitation_id>/again")
@requires("staff.write")
@accepts(Nothing, again=index)
def invite_again(form: Nothing, invitation_id: UUID) -> Response:
    """Send an invitation once more."""
    invitation = service.invite_again(invitation_id, by=current_actor())
    return _changed(gettext("A new letter is on its way to %(email)s.", email=invitation.email))


@door.post("/staff/invitations/<uuid:invitation_id>/withdraw")
@requires("staff.write")
@accepts(Nothing, again=index)
def withdraw(form: Nothing, invitation_id: UUID) -> Response:
    """Take an invitation back."""
    email = service.withdraw(invitation_id, by=current_actor())
    return _changed(gettext("The invitation of %(email)s no longer works.", email=email))


@door.post("/staff/<uuid:staff_id>/role")
@requires("staff.write")
@fresh_proof
@accepts(ChangeRole, again=index)
def change_role(form: ChangeRole, staff_id: UUID) -> Response:
    """Give a member another role."""
    member = service.change_role(staff_id, form.role, by=current_actor())
    return _changed(gettext("%(name)s is now %(role)s.", name=member.name, role=queries.role_of(member).title))


@door.get("/staff/<uuid:staff_id>/remove")
@requires("staff.write")
def confirm_removal(staff_id: UUID) -> Response:
    """Say what removing somebody does, before it is done."""
    return page("staff/backoffice/remove.html", member=queries.staff_or_404(staff_id))


@door.post("/staff/<uuid:staff_id>/remove")
@requires("staff.write")
@fresh_proof
@accepts(Nothing, again=confirm_removal)
def remove(form: Nothing, staff_id: UUID) -> Response:
    """Somebody stops working here."""
    member = service.remove(staff_id, by=current_actor())
    return _changed(gettext("%(name)s no longer works here.", name=member.name))


def _changed(say: str) -> Response:
    return done(_PEOPLE, say=say, back_to=url_for(".index"), **_people())


def _people() -> dict[str, Any]:
    roles, held = queries.roles(), current_actor().permissions
    return {
        "members": queries.all_staff(),
        "invitations": queries.open_invitations(),
        "roles": roles,
        "grantable": [role for role in roles.values() if role.permissions <= held],
        "role_options": [(role.name, role.title, role.sentence) for role in roles.values() if role.permissions <= held],
        "own_id": current_actor().id,
    }
