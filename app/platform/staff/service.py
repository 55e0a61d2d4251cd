"""Everything that changes memberships and invitations."""

from datetime import timedelta
from uuid import UUID

from app.core import audit, clock, db, ids, isolation, links, login, text
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.platform.staff import credentials, joining, queries
from app.platform.staff.errors import AlreadyHere, LastOwner, LinkIsOver, MoreThanYouHold, WrongSignIn
from app.platform.staff.events import AddressToProve, StaffInvited, StaffJoined, StaffRemoved
from app.platform.staff.granting import refuse_more_than_held, role_to_give
from app.platform.staff.models import Account, AccountShop, Invitation, StaffMember
from app.platform.staff.roles import ROLES, Role
from app.platform.tenancy import plans

INVITATION_LASTS = timedelta(days=7)
ENTRY_LASTS_SECONDS = 15 * 60
_NOBODY = UUID(int=0)


def add_owner(email: str, name: str, password: str | None = None, *, is_proven: bool = True) -> StaffMember:
    """Make a person an owner of this shop. An account that has a password keeps it.

    Where nobody has proven yet that the address is theirs, the account of that address is theirs by its password
    only; otherwise they get one apart, and a letter (joining.py). Which of the two it was, no answer tells.
    """
    account = credentials.account_for(email) if is_proven else joining.account_of_newcomer(email, password or "")
    if account.password_hash is None and password:
        credentials.set_password(account, password)
    member = queries.staff_by_account(account.id)
    if member is None:
        member = _join(account, name, ROLES["owner"], email=text.normalise_email(email))
    _give(member, ROLES["owner"])
    db.flush()
    if joining.is_apart(account):
        publish(AddressToProve(proving=ids.new_id(), staff_id=member.id))
    return member


def check_sign_in(email: str, password: str) -> StaffMember:
    """Who may come in with this e-mail and password. Raises WrongSignIn.

    An unknown address, a wrong password and a person of another shop take the same time and sound the same.
    """
    member = queries.staff_by_email(email)
    account = queries.account_by_id(member.account_id if member else _NOBODY)
    fits = login.verify_password(account.password_hash if account else None, password)
    if not fits or member is None:
        raise WrongSignIn
    return member


def seen(member: StaffMember) -> None:
    """Remember that somebody signed in."""
    member.last_seen_at = clock.now()
    audit.record(queries.actor_of(member), "staff.signed_in", member)


def entry_link(staff_id: UUID) -> str:
    """An address on the shop's host that signs this member in once, within a quarter of an hour.

    A newer link ends the older one. Raises NotFound for nobody.
    """
    member = queries.lock_staff(staff_id)
    member.entry_mark = ids.new_id().hex
    token = links.sign("staff-entry", {"id": str(member.id), "mark": member.entry_mark}, ENTRY_LASTS_SECONDS)
    db.flush()
    return isolation.tenant_url(f"/admin/enter/{token}")


def use_entry_link(token: str) -> StaffMember:
    """Whom an entry link lets in; the link is used up. Raises LinkIsOver."""
    try:
        signed = links.unsign("staff-entry", token)
        member = queries.lock_staff(UUID(signed["id"]))
    except NotFound:
        raise LinkIsOver from None
    if not member.entry_mark or member.entry_mark != signed["mark"]:
        raise LinkIsOver
    member.entry_mark = ""
    return member


def invite(email: str, role: str, *, by: Actor) -> Invitation:
    """Invite somebody by mail. Inviting an address again replaces its invitation and sends a new letter."""
    email, inviter = text.normalise_email(email), _person(by)
    plans.make_room("staff")
    given = role_to_give(role, by=by)
    if queries.staff_by_email(email) is not None:
        raise AlreadyHere(email=email)
    invitation = queries.lock_invitation_for(email)
    if invitation is None:
        invitation = Invitation(email=email)
        db.add(invitation)
    invitation.role, invitation.role_id, invitation.invited_by = given.word, given.id, inviter
    audit.record(by, "staff.invited", invitation, email=email, role=given.label)
    return _send(invitation)


def invite_again(invitation_id: UUID, *, by: Actor) -> Invitation:
    """Send an invitation once more, with a new date. Raises NotFound."""
    invitation = queries.lock_invitation(invitation_id)
    refuse_more_than_held(queries.role_of(invitation).permissions, by)
    audit.record(by, "staff.invited_again", invitation, email=invitation.email)
    return _send(invitation)


def withdraw(invitation_id: UUID, *, by: Actor) -> str:
    """Take an invitation back: its link stops working. Returns the address. Raises NotFound."""
    invitation = queries.lock_invitation(invitation_id)
    audit.record(by, "staff.invitation_withdrawn", invitation, email=invitation.email)
    db.delete(invitation)
    return invitation.email


def invitation_link(invitation: Invitation) -> str:
    """The address in the invitation's letter."""
    seconds = int((invitation.expires_at - clock.now()).total_seconds())
    token = links.sign("staff-invitation", {"id": str(invitation.id)}, seconds)
    return isolation.tenant_url(f"/admin/invitation/{token}")


def invitation_of(token: str) -> Invitation:
    """The invitation that a link opens. Raises LinkIsOver when it was used, withdrawn, forged or is too old."""
    try:
        invitation = queries.invitation_by_id(UUID(links.unsign("staff-invitation", token)["id"]))
    except NotFound:
        raise LinkIsOver from None
    if invitation is None or invitation.has_expired:
        raise LinkIsOver
    return invitation


def accept(token: str, *, name: str, password: str) -> StaffMember:
    """Join the shop: with a new account, or with the one that this address has, by its password.

    Raises LinkIsOver, and WrongPassword when the existing account's password does not fit.
    """
    invitation = queries.lock_invitation(invitation_of(token).id, gone=LinkIsOver)
    account = credentials.account_for(invitation.email)
    if account.password_hash is None:
        credentials.set_password(account, password)
    else:
        credentials.refuse_wrong_password(account, password)
    if queries.staff_by_account(account.id) is not None:
        raise AlreadyHere(email=account.email)
    member = _join(account, name, queries.lock_role_named(str(invitation.role_id or invitation.role)))
    db.delete(invitation)
    audit.record(queries.actor_of(member), "staff.joined", member, role=queries.role_of(member).label)
    return member


def join_from_elsewhere(email: str, name: str, role: str) -> StaffMember:
    """Somebody joins whom the shop's own provider vouches for. Raises NotFound for a role that is gone.

    The person's other shops are not told of it: a provider may name anybody, and it speaks for this shop alone.
    """
    given = queries.lock_role_named(role)
    member = _join(credentials.account_for(email), name, given, is_noted=False)
    audit.record(queries.actor_of(member), "staff.joined", member, role=given.label)
    return member


def change_role(staff_id: UUID, role: str, *, by: Actor) -> StaffMember:
    """Give a member another role, from their next request on. Raises NotFound, LastOwner, MoreThanYouHold."""
    given = role_to_give(role, by=by)
    member = queries.lock_staff(staff_id)
    refuse_more_than_held(queries.permissions_of(member), by)
    if member.is_owner and role != "owner":
        _refuse_last_owner()
    audit.record(by, "staff.role_changed", member, before=queries.role_of(member).label, after=given.label)
    _give(member, given)
    db.flush()
    return member


def remove(staff_id: UUID, *, by: Actor) -> StaffMember:
    """Somebody stops working here: sessions and keys of theirs stop at once; their account elsewhere stays.

    Raises NotFound, LastOwner, MoreThanYouHold.
    """
    member = queries.lock_staff(staff_id)
    refuse_more_than_held(queries.permissions_of(member), by)
    if member.is_owner:
        _refuse_last_owner()
    audit.record(by, "staff.removed", member, email=member.email, name=member.name)
    login.sign_out_everywhere("staff", member.id)
    note = queries.shop_of_account(member.account_id, isolation.tenant_id())
    if note is not None:
        db.catalogue.delete(note)
    db.delete(member)
    publish(StaffRemoved(staff_id=member.id))
    return member


def rename(staff_id: UUID, name: str, *, by: Actor) -> StaffMember:
    """Change the name that colleagues see. Raises NotFound."""
    member = queries.lock_staff(staff_id)
    audit.record(by, "staff.renamed", member, before=member.name, after=name)
    member.name = name
    return member


def speak(staff_id: UUID, language: str, *, by: Actor) -> StaffMember:
    """Change the language of somebody's back office; empty leaves it to their browser. Raises NotFound."""
    member = queries.lock_staff(staff_id)
    audit.record(by, "staff.language_changed", member, before=member.language, after=language)
    member.language = language
    return member


def set_shortcuts(staff_id: UUID, wanted: bool, *, by: Actor) -> StaffMember:
    """Let single keys act on pages, or not. Raises NotFound."""
    member = queries.lock_staff(staff_id)
    audit.record(by, "staff.shortcuts_set", member, on=wanted)
    member.has_shortcuts = wanted
    return member


def _join(account: Account, name: str, role: Role, *, email: str = "", is_noted: bool = True) -> StaffMember:
    email = email or account.email
    plans.make_room("staff")
    member = StaffMember(account_id=account.id, email=email, name=name or email)
    _give(member, role)
    db.add(member)
    if is_noted and queries.shop_of_account(account.id, isolation.tenant_id()) is None:
        db.catalogue.add(AccountShop(account_id=account.id, tenant_id=isolation.tenant_id()))
    db.flush()
    publish(StaffJoined(staff_id=member.id, role=role.word))
    return member


def _give(member: StaffMember, role: Role) -> None:
    member.role, member.role_id = role.word, role.id
    member.granted = sorted(role.permissions) if role.id else []


def _send(invitation: Invitation) -> Invitation:
    invitation.expires_at = clock.now() + INVITATION_LASTS
    db.flush()
    publish(StaffInvited(sending=ids.new_id(), invitation_id=invitation.id))
    return invitation


def _person(by: Actor) -> UUID:
    """The member behind an actor, or whose power a program borrows: invitations name one."""
    person = by.id if by.kind == "staff" else by.person if by.kind == "client" else None
    if person is None:
        raise MoreThanYouHold
    return person


def _refuse_last_owner() -> None:
    if queries.count_owners() < 2:
        raise LastOwner
