"""What each role may do, and the roles that the shop makes itself."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core import access
from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.staff import granting, queries
from app.platform.staff.backoffice.door import door
from app.platform.staff.roles import EVERYBODY
from app.platform.staff.schemas import Nothing, RoleForm


@door.get("/staff/roles")
@requires("staff.read")
def roles(**_: Any) -> Response:
    """The catalogue of permissions, and which role holds what."""
    rooms = granting.by_room(access.catalogue_of_permissions())
    holders: dict[str, list[str]] = {}
    for member in queries.all_staff():
        holders.setdefault(str(member.role_id or member.role), []).append(member.name or member.email)
    return page("staff/backoffice/roles.html", rooms=rooms, roles=list(queries.roles().values()), holders=holders)


@door.get("/staff/roles/new")
@requires("staff.write")
@fresh_proof
def new_role(**_: Any) -> Response:
    """The form of a new role."""
    return page("staff/backoffice/role.html", role=None, chosen=(), offered=_offered(), target=url_for(".make_role"))


@door.post("/staff/roles")
@requires("staff.write")
@fresh_proof
@accepts(RoleForm, again=new_role)
def make_role(form: RoleForm) -> Response:
    """Make a role of the shop's own."""
    role = granting.make_role(form, by=current_actor())
    return redirect_to(url_for(".roles"), gettext("The role “%(label)s” can be given now.", label=role.label))


@door.get("/staff/roles/<uuid:role_id>")
@requires("staff.write")
@fresh_proof
def role(role_id: UUID, **_: Any) -> Response:
    """One of the shop's own roles, to change it."""
    row = queries.role_or_404(role_id)
    target = url_for(".edit_role", role_id=role_id)
    return page("staff/backoffice/role.html", role=row, chosen=row.permissions, offered=_offered(), target=target)


@door.post("/staff/roles/<uuid:role_id>")
@requires("staff.write")
@fresh_proof
@accepts(RoleForm, again=role)
def edit_role(form: RoleForm, role_id: UUID) -> Response:
    """Change a role; whoever has it acts so from their next request on."""
    row = granting.edit_role(role_id, form, by=current_actor())
    return redirect_to(url_for(".roles"), gettext("The role “%(label)s” is saved.", label=row.label))


@door.post("/staff/roles/<uuid:role_id>/remove")
@requires("staff.write")
@fresh_proof
@accepts(Nothing, again=role)
def remove_role(form: Nothing, role_id: UUID) -> Response:
    """Take a role away that nobody has."""
    label = granting.remove_role(role_id, by=current_actor())
    return redirect_to(url_for(".roles"), gettext("The role “%(label)s” is gone.", label=label))


def _offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """What whoever is signed in may give, and not everybody has anyway: room by room."""
    return granting.by_room(current_actor().permissions - EVERYBODY)
