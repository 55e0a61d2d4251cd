"""What roles may do."""

from uuid import UUID

from app.core import access
from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.ids import PREFIXES, from_public
from app.core.rest import Page, Paging, accepts, matches, page_of, returns
from app.platform.staff import granting, queries
from app.platform.staff.api.door import door, role_id
from app.platform.staff.errors import MoreThanYouHold, RoleIsTaken, RoleIsUsed
from app.platform.staff.programs import PermissionOut, RoleOut
from app.platform.staff.roles import EVERYBODY, Role
from app.platform.staff.schemas import RoleForm


@door.get("/staff/roles")
@requires("staff.read")
@returns(Page[RoleOut])
@accepts(Paging)
def list_roles(query: Paging) -> Page[RoleOut]:
    """List every role: the built-in ones, then the shop's own. There is one page."""
    return page_of([_role(one) for one in queries.roles().values()], None)


@door.get("/staff/permissions")
@requires("staff.read")
@returns(Page[PermissionOut])
@accepts(Paging)
def list_permissions(query: Paging) -> Page[PermissionOut]:
    """List everything that a role can allow. There is one page."""
    catalogue = access.catalogue_of_permissions().items()
    told = [PermissionOut(name, gettext(sentence), not name.startswith("profile.")) for name, sentence in catalogue]
    return page_of(told, None)


@door.post("/staff/roles")
@requires("staff.write")
@returns(RoleOut, errors=(MoreThanYouHold, RoleIsTaken), status=201)
@accepts(RoleForm)
def make_role(body: RoleForm) -> RoleOut:
    """Make a role of the shop's own, of nothing that the program may not do itself."""
    return _role(queries.as_role(granting.make_role(body, by=current_actor())))


@door.get("/staff/roles/<role_id>")
@requires("staff.read")
@returns(RoleOut)
def get_role(role_id: str) -> RoleOut:
    """Read one of the shop's own roles."""
    return _role(queries.as_role(queries.role_or_404(_id(role_id))))


@door.put("/staff/roles/<role_id>")
@requires("staff.write")
@returns(RoleOut, errors=(MoreThanYouHold, RoleIsTaken))
@matches(lambda role_id: _role(queries.as_role(queries.lock_role(_id(role_id)))))
@accepts(RoleForm)
def edit_role(body: RoleForm, role_id: str) -> RoleOut:
    """Change one of the shop's own roles. Whoever has it acts so from their next request on."""
    return _role(queries.as_role(granting.edit_role(_id(role_id), body, by=current_actor())))


@door.delete("/staff/roles/<role_id>")
@requires("staff.write")
@returns(RoleOut, errors=(MoreThanYouHold, RoleIsUsed))
def remove_role(role_id: str) -> RoleOut:
    """Take one of the shop's own roles away that nobody has."""
    told = _role(queries.as_role(queries.role_or_404(_id(role_id))))
    granting.remove_role(_id(role_id), by=current_actor())
    return told


def _id(text: str) -> UUID:
    return from_public(PREFIXES["role_id"], text)


def _role(one: Role) -> RoleOut:
    return RoleOut(role_id(one), one.title, one.sentence, sorted(one.permissions | EVERYBODY), one.id is None)
