"""Who works here."""

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import Page, accepts, matches, page_of, returns
from app.platform.staff import queries, service
from app.platform.staff.api.door import door, role_id, role_name
from app.platform.staff.errors import LastOwner, MoreThanYouHold
from app.platform.staff.models import StaffMember
from app.platform.staff.programs import MemberFilter, MemberOut, RoleWritten


@door.get("/staff")
@requires("staff.read")
@returns(Page[MemberOut])
@accepts(MemberFilter)
def list_members(query: MemberFilter) -> Page[MemberOut]:
    """List who works here, the longest first or as `sort` says."""
    role = role_name(query.role) if query.role else ""
    found = queries.listed(query, role)
    return page_of([member_out(one) for one in found.rows], found.next or None)


@door.get("/staff/<staff_id>")
@requires("staff.read")
@returns(MemberOut)
def get_member(staff_id: str) -> MemberOut:
    """Read one colleague, with what they may do now."""
    return member_out(queries.staff_or_404(member_id(staff_id)))


@door.put("/staff/<staff_id>/role")
@requires("staff.write")
@returns(MemberOut, errors=(LastOwner, MoreThanYouHold))
@matches(lambda staff_id: member_out(queries.lock_staff(member_id(staff_id))))
@accepts(RoleWritten)
def change_role(body: RoleWritten, staff_id: str) -> MemberOut:
    """Give a colleague another role, from their next request on.

    A program gives, and takes, no more than it holds itself.
    """
    return member_out(service.change_role(member_id(staff_id), role_name(body.role), by=current_actor()))


@door.delete("/staff/<staff_id>")
@requires("staff.write")
@returns(MemberOut, errors=(LastOwner, MoreThanYouHold))
def remove_member(staff_id: str) -> MemberOut:
    """Somebody stops working here. Their sessions and keys stop at once."""
    told = member_out(queries.staff_or_404(member_id(staff_id)))
    service.remove(member_id(staff_id), by=current_actor())
    return told


def member_id(text: str) -> UUID:
    """The id of a colleague out of an address."""
    return from_public(PREFIXES["staff_id"], text)


def member_out(one: StaffMember) -> MemberOut:
    """A colleague as programs see them."""
    return MemberOut(
        id=to_public(PREFIXES["staff_id"], one.id), name=one.name, email=one.email,
        role=role_id(queries.role_of(one)), permissions=sorted(queries.permissions_of(one)),
        has_second_step=one.has_factor, created_at=one.created_at,
    )  # fmt: skip
