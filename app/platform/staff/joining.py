"""Accounts apart: whoever opens a shop names an address that may be somebody else's, and must learn nothing about it.

Such a person gets an account that belongs to this shop alone. Once they have opened the letter that goes to the
address, it becomes the account of that address, or is joined with the one that there is.
"""

from datetime import timedelta
from uuid import UUID

from app.core import audit, db, ids, isolation, links, login, text
from app.core.errors import NotFound
from app.platform.staff import credentials, queries
from app.platform.staff.errors import LinkIsOver
from app.platform.staff.models import Account, AccountShop, StaffMember

LASTS = timedelta(days=7)


def account_of_newcomer(email: str, password: str) -> Account:
    """The account of this address if this is its password, else one apart that has this password.

    Equal work for an address with and without an account: one look-up, one check, and a new account.
    """
    fits, known = credentials.password_fits(email, password), queries.account_by_email(email)
    if fits and known is not None:
        return known
    identity = ids.new_id()
    apart = Account(id=identity, email=f"{text.normalise_email(email)} {identity}")
    db.catalogue.add(apart)
    credentials.set_first_password(apart, password)
    return apart


def is_apart(account: Account) -> bool:
    """Does it belong to one shop alone? No address has a space in it."""
    return " " in account.email


def link(member: StaffMember, account: Account) -> str:
    """The address in the letter: it works until it was used, for seven days."""
    token = links.sign("staff-joining", {"id": str(member.id), "apart": str(account.id)}, int(LASTS.total_seconds()))
    return isolation.tenant_url(f"/admin/enter/address/{token}")


def member_of(token: str) -> StaffMember:
    """Whose address a link proves. Raises LinkIsOver."""
    try:
        signed = links.unsign("staff-joining", token)
    except NotFound:
        raise LinkIsOver from None
    member = queries.staff_by_id(UUID(signed["id"]))
    if member is None or str(member.account_id) != signed["apart"]:
        raise LinkIsOver
    account = queries.account_by_id(member.account_id)
    if account is None or not is_apart(account):
        raise LinkIsOver
    return member


def prove(token: str, password: str) -> StaffMember:
    """The address is theirs: give the account its name, or join it with the one that the address has already.

    Asks for the password of that one, or for the one that was chosen when the shop was opened: else a stranger could
    open a shop in somebody's name, have them press the button, and know their password. Raises LinkIsOver and
    WrongPassword.
    """
    member = queries.lock_staff(member_of(token).id)
    apart, known = queries.lock_account(member.account_id), queries.account_by_email(member.email)
    if known is None or known.password_hash is None:
        credentials.refuse_wrong_password(apart, password)
        _take_over(member, apart, known)
    else:
        credentials.refuse_wrong_password(known, password)
        _join(member, apart, known)
    audit.record(queries.actor_of(member), "staff.address_proven", member, email=member.email)
    db.flush()
    return member


def _take_over(member: StaffMember, apart: Account, known: Account | None) -> None:
    """Nobody has signed in by a password of this address: the account apart becomes its account."""
    if known is None:
        apart.email = member.email
        return
    known.password_hash, known.password_version = apart.password_hash, known.password_version + 1
    _join(member, apart, known)


def _join(member: StaffMember, apart: Account, known: Account) -> None:
    if queries.staff_by_account(known.id) is not None:
        raise LinkIsOver
    member.account_id = known.id
    if queries.shop_of_account(known.id, isolation.tenant_id()) is None:
        db.catalogue.add(AccountShop(account_id=known.id, tenant_id=isolation.tenant_id()))
    login.sign_out_everywhere("staff", member.id)
    db.flush()
    db.catalogue.delete(apart)
