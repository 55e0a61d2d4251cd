"""Everything that changes a person's account: its password, and the links that set one."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.core import audit, clock, db, ids, isolation, links, login, text
from app.core.errors import NotFound
from app.core.events import publish
from app.platform.staff import queries
from app.platform.staff.errors import LinkIsOver, WrongPassword
from app.platform.staff.events import PasswordResetAsked, StaffPasswordChanged
from app.platform.staff.models import Account, StaffMember
from app.platform.staff.schemas import password_problem as password_problem

RESET_LASTS = timedelta(hours=1)


def account_for(email: str) -> Account:
    """The account of an e-mail address, locked; a new one without a password where there is none."""
    email = text.normalise_email(email)
    row = {"id": ids.new_id(), "email": email, "password_version": 1, "created_at": clock.now()}
    db.catalogue.execute(insert(Account).values(row).on_conflict_do_nothing(index_elements=["email"]))
    return queries.lock_account_by_email(email)


def password_fits(email: str, password: str) -> bool | None:
    """Whether this is the account's password; None when the address has no account with one. Takes equal time."""
    account = queries.account_by_email(email)
    stored = account.password_hash if account else None
    fits = login.verify_password(stored, password)
    return fits if stored else None


def set_first_password(account: Account, password: str) -> None:
    """The password of an account that nobody has signed in to yet."""
    account.password_hash, account.password_version = login.hash_password(password), 1


def set_password(account: Account, password: str) -> None:
    """Store a new password; sessions that began with the old one end with their next request, in every shop."""
    account.password_hash = login.hash_password(password)
    account.password_version += 1


def refuse_wrong_password(account: Account, password: str) -> None:
    """Raise WrongPassword unless this is the account's password."""
    if not login.verify_password(account.password_hash, password):
        raise WrongPassword


def change_password(member: StaffMember, *, current: str, new: str) -> None:
    """Change one's own password after giving the current one. Raises WrongPassword."""
    account = queries.lock_account(member.account_id)
    refuse_wrong_password(account, current)
    _change(member, account, new)


def ask_for_reset(email: str) -> None:
    """Have a reset link mailed to this address if it works here.

    Whoever asks learns nothing: the look-up happens in the job, so every answer is equal and takes equal time.
    """
    publish(PasswordResetAsked(asking=ids.new_id(), email=text.normalise_email(email)))


def reset_link(member: StaffMember, account: Account) -> str:
    """The address in the reset letter: it works once, for an hour, until the password changes in any way."""
    signed = {"id": str(member.id), "version": account.password_version}
    token = links.sign("staff-reset", signed, int(RESET_LASTS.total_seconds()))
    return isolation.tenant_url(f"/admin/reset-password/{token}")


def member_of_reset(token: str) -> StaffMember:
    """Whose password a reset link may set. Raises LinkIsOver."""
    return _reset(token)[0]


def reset_password(token: str, new: str) -> StaffMember:
    """Set the password that a reset link stands for; the link is used up. Raises LinkIsOver."""
    member, account = _reset(token)
    _change(member, account, new)
    return member


def _reset(token: str) -> tuple[StaffMember, Account]:
    try:
        signed = links.unsign("staff-reset", token)
        member = queries.staff_by_id(UUID(signed["id"]))
        account = queries.lock_account(member.account_id) if member else None
    except NotFound:
        raise LinkIsOver from None
    if member is None or account is None or account.password_version != signed["version"]:
        raise LinkIsOver
    return member, account


def _change(member: StaffMember, account: Account, new: str) -> None:
    set_password(account, new)
    member.entry_mark = ""
    audit.record(queries.actor_of(member), "staff.password_changed", member)
    publish(StaffPasswordChanged(staff_id=member.id, password_version=account.password_version))
