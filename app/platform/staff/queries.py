"""Everything that reads accounts, memberships and invitations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.core import db, keyset, text
from app.core.access import Actor
from app.core.errors import DomainError, NotFound
from app.platform.staff.models import (
    Account,
    AccountShop,
    Authenticator,
    Invitation,
    Passkey,
    RecoveryCode,
    SavedView,
    StaffMember,
    StaffRole,
    UndoStep,
)
from app.platform.staff.programs import InvitationsWanted, MemberFilter
from app.platform.staff.roles import OWN, ROLES, Role, own_role


def staff_by_id(staff_id: UUID) -> StaffMember | None:
    """The member of this shop with this id."""
    return db.session.scalars(select(StaffMember).where(StaffMember.id == staff_id)).first()


def staff_or_404(staff_id: UUID) -> StaffMember:
    """The same; raises NotFound."""
    member = staff_by_id(staff_id)
    if member is None:
        raise NotFound
    return member


def staff_by_email(email: str) -> StaffMember | None:
    """The member of this shop with this e-mail."""
    wanted = text.normalise_email(email)
    return db.session.scalars(select(StaffMember).where(StaffMember.email == wanted)).first()


def staff_by_account(account_id: UUID) -> StaffMember | None:
    """This person's membership in this shop."""
    return db.session.scalars(select(StaffMember).where(StaffMember.account_id == account_id)).first()


def all_staff() -> Sequence[StaffMember]:
    """Everybody who works here: owners first, then by name."""
    return db.session.scalars(
        select(StaffMember).order_by((StaffMember.role == "owner").desc(), StaffMember.name, StaffMember.id)
    ).all()


def listed(asked: MemberFilter, role: str) -> keyset.Slice[StaffMember]:
    """Who works here by since when: with `role` (a built-in word, or the id of an own one), which `asked` names."""
    wanted = select(StaffMember)
    if role:
        wanted = wanted.where(StaffMember.role == role if role in ROLES else StaffMember.role_id == UUID(role))
    if asked.has_second_step is not None:
        wanted = wanted.where(StaffMember.has_factor.is_(asked.has_second_step))
    return keyset.dated(db.session, wanted, asked, StaffMember.created_at, StaffMember.id)


def listed_invitations(asked: InvitationsWanted) -> keyset.Slice[Invitation]:
    """Invitations that wait for an answer, by when they were sent first."""
    return keyset.dated(db.session, select(Invitation), asked, Invitation.created_at, Invitation.id)


def invitation_or_404(invitation_id: UUID) -> Invitation:
    """An invitation that still waits; raises NotFound."""
    found = invitation_by_id(invitation_id)
    if found is None:
        raise NotFound
    return found


def lock_staff(staff_id: UUID) -> StaffMember:
    """A member, locked together with all owners, in one order, so that two owners cannot remove each other."""
    wanted = (StaffMember.id == staff_id) | (StaffMember.role == "owner")
    statement = select(StaffMember).where(wanted).order_by(StaffMember.id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    member = next((one for one in found if one.id == staff_id), None)
    if member is None:
        raise NotFound
    return member


def count_for_plan() -> int:
    """How many people work here."""
    return int(db.session.scalar(select(func.count()).select_from(StaffMember)) or 0)


def count_owners() -> int:
    """How many owners the shop has; ask after `lock_staff`."""
    return len(db.session.scalars(select(StaffMember.id).where(StaffMember.role == "owner")).all())


def permissions_of(member: StaffMember) -> frozenset[str]:
    """What a member may do, computed now."""
    if member.role == OWN and member.role_id is not None:
        return own_role(member.role_id, "", "", member.granted).permissions
    return ROLES[member.role].permissions


def actor_of(member: StaffMember) -> Actor:
    """A member as somebody who acts, with what their role may do now."""
    return Actor("staff", member.id, member.name, permissions_of(member))


def as_role(row: StaffRole) -> Role:
    """A row as a role that people choose."""
    return own_role(row.id, row.label, row.description, row.permissions)


def roles() -> dict[str, Role]:
    """Every role of this shop by its name: the built-in ones, then its own."""
    rows = db.session.scalars(select(StaffRole).order_by(StaffRole.label, StaffRole.id)).all()
    return ROLES | {str(row.id): as_role(row) for row in rows}


def role_of(holder: StaffMember | Invitation) -> Role:
    """The role of a member or an invitation."""
    if holder.role_id is None:
        return ROLES[holder.role]
    return as_role(db.session.scalars(select(StaffRole).where(StaffRole.id == holder.role_id)).one())


def role_or_404(role_id: UUID) -> StaffRole:
    """A role of the shop's own; raises NotFound."""
    row = db.session.scalars(select(StaffRole).where(StaffRole.id == role_id)).first()
    if row is None:
        raise NotFound
    return row


def lock_role(role_id: UUID) -> StaffRole:
    """The same, locked: taken before its holders, also by whoever gives it to somebody."""
    statement = select(StaffRole).where(StaffRole.id == role_id).with_for_update()
    row = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return row


def lock_role_named(name: str) -> Role:
    """A role by its name, its row locked if it is the shop's own; raises NotFound."""
    if name in ROLES:
        return ROLES[name]
    try:
        return as_role(lock_role(UUID(name)))
    except ValueError:
        raise NotFound from None


def lock_holders(role_id: UUID) -> Sequence[StaffMember]:
    """Everybody who has a role of the shop's own, locked."""
    statement = select(StaffMember).where(StaffMember.role_id == role_id).order_by(StaffMember.id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def is_role_used(role_id: UUID) -> bool:
    """Does somebody have this role, or is invited to it?"""
    has = db.session.scalars(select(StaffMember.id).where(StaffMember.role_id == role_id).limit(1)).first()
    invited = select(Invitation.id).where(Invitation.role_id == role_id).limit(1)
    return has is not None or db.session.scalars(invited).first() is not None


def open_invitations() -> Sequence[Invitation]:
    """Invitations that wait for an answer, the newest first."""
    return db.session.scalars(select(Invitation).order_by(Invitation.created_at.desc(), Invitation.id)).all()


def invitation_by_id(invitation_id: UUID) -> Invitation | None:
    """An invitation that still waits."""
    return db.session.scalars(select(Invitation).where(Invitation.id == invitation_id)).first()


def lock_invitation(invitation_id: UUID, *, gone: type[DomainError] = NotFound) -> Invitation:
    """The same, locked; raises NotFound, or what the caller calls it when it is gone."""
    statement = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise gone
    return found


def lock_invitation_for(email: str) -> Invitation | None:
    """The invitation that waits for this normalised e-mail, locked."""
    return db.session.scalars(select(Invitation).where(Invitation.email == email).with_for_update()).first()


def account_by_email(email: str) -> Account | None:
    """The account with this e-mail, of whichever shop."""
    wanted = text.normalise_email(email)
    return db.catalogue.scalars(select(Account).where(Account.email == wanted)).first()


def has_password(email: str) -> bool:
    """Whether this address belongs to somebody who can sign in somewhere already."""
    account = account_by_email(email)
    return account is not None and account.password_hash is not None


def account_by_id(account_id: UUID) -> Account | None:
    """An account."""
    return db.catalogue.get(Account, account_id)


def lock_account(account_id: UUID) -> Account:
    """An account, locked; raises NotFound."""
    statement = select(Account).where(Account.id == account_id).with_for_update()
    found = db.catalogue.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def lock_account_by_email(email: str) -> Account:
    """The account with this normalised e-mail, locked."""
    statement = select(Account).where(Account.email == email).with_for_update()
    return db.catalogue.scalars(statement.execution_options(populate_existing=True)).one()


def shop_of_account(account_id: UUID, tenant_id: UUID) -> AccountShop | None:
    """The catalogue's note that this account works in a shop."""
    return db.catalogue.get(AccountShop, (account_id, tenant_id))


def shops_of_account(account_id: UUID) -> Sequence[UUID]:
    """Where the catalogue notes that this account works; the shop itself decides when they arrive."""
    return db.catalogue.scalars(select(AccountShop.tenant_id).where(AccountShop.account_id == account_id)).all()


def views_of(list_name: str, staff_id: UUID | None) -> Sequence[SavedView]:
    """The saved views of a list that a person sees: the team's and their own, by name."""
    theirs = or_(SavedView.staff_id.is_(None), SavedView.staff_id == staff_id)
    wanted = select(SavedView).where(SavedView.list == list_name, theirs)
    return db.session.scalars(wanted.order_by(SavedView.title, SavedView.id)).all()


def lock_view(view_id: UUID, staff_id: UUID | None) -> SavedView:
    """A view that is the team's or this person's own, locked; raises NotFound."""
    theirs = or_(SavedView.staff_id.is_(None), SavedView.staff_id == staff_id)
    found = db.session.scalars(select(SavedView).where(SavedView.id == view_id, theirs).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def lock_step(step_id: UUID, staff_id: UUID | None, since: datetime) -> UndoStep:
    """A step of this person that can still be taken back, locked; raises NotFound."""
    wanted = select(UndoStep).where(UndoStep.id == step_id, UndoStep.staff_id == staff_id, UndoStep.created_at >= since)
    found = db.session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def authenticator_of(staff_id: UUID) -> Authenticator | None:
    """The app of a member, whether its first code was typed or not."""
    return db.session.scalars(select(Authenticator).where(Authenticator.staff_id == staff_id)).first()


def lock_authenticator_of(staff_id: UUID) -> Authenticator | None:
    """The same, locked: of two requests with one code the second sees that it was used."""
    wanted = select(Authenticator).where(Authenticator.staff_id == staff_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).first()


def passkeys_of(staff_id: UUID, host: str | None = None) -> Sequence[Passkey]:
    """The passkeys of a member, of one host of the shop or of all, the oldest first."""
    wanted = select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.created_at, Passkey.id)
    return db.session.scalars(wanted.where(Passkey.host == host) if host else wanted).all()


def lock_passkey(passkey_id: UUID, staff_id: UUID) -> Passkey:
    """A passkey of this member, locked; raises NotFound."""
    wanted = select(Passkey).where(Passkey.id == passkey_id, Passkey.staff_id == staff_id).with_for_update()
    found = db.session.scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def lock_passkey_named(credential_id: bytes, host: str) -> Passkey | None:
    """The passkey that a device speaks of, if it was made at this host of this shop, locked."""
    wanted = select(Passkey).where(Passkey.credential_id == credential_id, Passkey.host == host).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).first()


def lock_recovery_code(staff_id: UUID, code_hash: bytes) -> RecoveryCode | None:
    """The unused recovery code with this hash, locked."""
    theirs = (RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
    wanted = select(RecoveryCode).where(*theirs).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).first()


def recovery_codes_of(staff_id: UUID) -> Sequence[RecoveryCode]:
    """All recovery codes of a member, used and unused."""
    return db.session.scalars(select(RecoveryCode).where(RecoveryCode.staff_id == staff_id)).all()
