"""Everything that changes the roles that a shop makes itself, and the one rule: nobody grants more than they hold."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from app.core import access, audit, db
from app.core.access import Actor, system_actor
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext
from app.platform.staff import queries
from app.platform.staff.errors import MoreThanYouHold, RoleIsTaken, RoleIsUsed
from app.platform.staff.models import StaffRole
from app.platform.staff.roles import EVERYBODY, Role
from app.platform.staff.schemas import RoleForm


def refuse_more_than_held(permissions: frozenset[str], by: Actor) -> None:
    """Raise MoreThanYouHold if somebody gives, or takes from, more than they may themselves.

    What every role may counts for nothing: a program has no profile, and gives roles all the same.
    """
    if by.kind != system_actor().kind and not permissions - EVERYBODY <= by.permissions:
        raise MoreThanYouHold


def role_to_give(name: str, *, by: Actor) -> Role:
    """The role of this name, locked, for somebody to give. Raises InvalidInput, MoreThanYouHold."""
    try:
        role = queries.lock_role_named(name)
    except NotFound:
        raise InvalidInput({"role": gettext("Choose one of the offered values.")}) from None
    refuse_more_than_held(role.permissions, by)
    return role


def make_role(form: RoleForm, *, by: Actor) -> StaffRole:
    """Make a role of the shop's own. Raises MoreThanYouHold, RoleIsTaken."""
    granted = frozenset(form.permissions) | EVERYBODY
    refuse_more_than_held(granted, by)
    _refuse_taken(form.label)
    role: StaffRole = db.add(StaffRole(label=form.label, description=form.description, permissions=sorted(granted)))
    db.flush()
    audit.record(by, "staff.role_made", role, label=role.label, permissions=role.permissions)
    return role


def edit_role(role_id: UUID, form: RoleForm, *, by: Actor) -> StaffRole:
    """Change what a role is called and may do; its holders and their keys act so from their next request on.

    Raises NotFound, MoreThanYouHold, RoleIsTaken.
    """
    role = queries.lock_role(role_id)
    granted = frozenset(form.permissions) | EVERYBODY
    refuse_more_than_held(granted, by)
    refuse_more_than_held(queries.as_role(role).permissions, by)
    _refuse_taken(form.label, but=role.id)
    before = {"label": role.label, "permissions": role.permissions}
    role.label, role.description, role.permissions = form.label, form.description, sorted(granted)
    for member in queries.lock_holders(role.id):
        member.granted = role.permissions
    audit.record(by, "staff.role_edited", role, before=before, label=role.label, permissions=role.permissions)
    return role


def remove_role(role_id: UUID, *, by: Actor) -> str:
    """Take a role away that nobody has. Returns its label. Raises NotFound, MoreThanYouHold, RoleIsUsed."""
    role = queries.lock_role(role_id)
    refuse_more_than_held(queries.as_role(role).permissions, by)
    if queries.is_role_used(role.id):
        raise RoleIsUsed(label=role.label)
    audit.record(by, "staff.role_removed", role, label=role.label, permissions=role.permissions)
    db.delete(role)
    return role.label


def _refuse_taken(label: str, *, but: UUID | None = None) -> None:
    wanted = label.casefold()
    if any(
        role.title.casefold() == wanted and (role.id is None or role.id != but) for role in queries.roles().values()
    ):
        raise RoleIsTaken(label=label)


def by_room(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions with their sentences, room by room, as forms offer them."""
    wanted = set(names)
    catalogue = [(name, gettext(one)) for name, one in access.catalogue_of_permissions().items() if name in wanted]
    return [(room, list(pairs)) for room, pairs in groupby(catalogue, key=lambda pair: pair[0].partition(".")[0])]
