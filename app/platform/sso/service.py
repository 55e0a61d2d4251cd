"""Everything that changes the provider, and decides whom it lets in."""

from typing import TYPE_CHECKING

from app.core import access, audit, clock, db, isolation, login, sessions, text
from app.core.access import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext
from app.core.later import later
from app.platform.sso import queries
from app.platform.sso.errors import AddressNotProven, NotStaffHere, OnlyWhoMayAll
from app.platform.sso.models import SignInIdentity, SignInProvider
from app.platform.sso.schemas import Person, ProviderForm, Wiring
from app.platform.staff import granting, hooks
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service
from app.platform.staff.models import StaffMember

if TYPE_CHECKING:
    from app.core import http
else:
    http = later("app.core.http")  # outgoing calls are rare, their libraries are large

COME_BACK = "/admin/sign-in/provider/back"
_NO_PROGRAM_HOLDS = ("profile.",)


def save(form: ProviderForm, *, by: Actor) -> SignInProvider:
    """Trust this provider from now on.

    Raises InvalidInput, MoreThanYouHold for a role beyond one's own, and OnlyWhoMayAll for somebody who may less.
    """
    _refuse_who_may_less(by)
    _refuse_address(form.issuer)
    row = queries.lock_provider()
    if row is None and not form.client_secret:
        raise InvalidInput({"client_secret": gettext("Please fill this in.")})
    if form.first_role == "owner":
        raise InvalidInput({"first_role": gettext("Owners are invited by name.")})
    if form.first_role:
        granting.role_to_give(form.first_role, by=by)
    before = told(row) if row else {}
    is_another = row is not None and row.issuer != form.issuer
    if row is not None and is_another and not form.client_secret:
        raise InvalidInput({"client_secret": gettext("Another issuer needs a secret of its own.")})
    if row is None:
        row = SignInProvider()
        db.add(row)
    row.label, row.issuer, row.client_id = form.label, form.issuer, form.client_id
    row.client_secret = form.client_secret or row.client_secret
    row.domains, row.first_role = form.domain_list, form.first_role
    row.is_on, row.is_only_way = form.is_on, form.is_only_way
    row.tested_at = None if is_another else row.tested_at
    if before.get("is_on") and any(before[name] != getattr(row, name) for name in ("is_on", "issuer", "client_id")):
        sessions.end_proven_by("staff", hooks.ELSEWHERE)  # what it vouched for, it vouches for no longer
    if form.is_only_way and not before.get("is_only_way"):
        _send_to_provider()
    db.flush()
    audit.record(by, "sso.provider_saved", row, before=before, after=told(row))
    return row


def switch(is_on: bool, *, by: Actor) -> SignInProvider:
    """Let people come in by it, or no longer. Raises NotFound, and OnlyWhoMayAll for somebody who may less."""
    row = queries.lock_provider()
    if row is None:
        raise NotFound
    if is_on:
        _refuse_who_may_less(by)
    if row.is_on != is_on:
        before = told(row)
        row.is_on, row.is_only_way = is_on, row.is_only_way and is_on
        if not is_on:
            sessions.end_proven_by("staff", hooks.ELSEWHERE)
        db.flush()
        audit.record(by, "sso.provider_saved", row, before=before, after=told(row))
    return row


def _refuse_who_may_less(by: Actor) -> None:
    """A provider can vouch for an owner: who names it, program or colleague, may do everything."""
    every = {one for one in access.catalogue_of_permissions() if not one.startswith(_NO_PROGRAM_HOLDS)}
    if by.kind in {"client", "staff"} and not by.permissions.issuperset(every):
        raise OnlyWhoMayAll


def remove(*, by: Actor) -> None:
    """Trust nobody else any more; people come in as before. Raises NotFound."""
    row = queries.lock_provider()
    if row is None:
        raise NotFound
    for identity in queries.lock_identities():
        db.delete(identity)
    sessions.end_proven_by("staff", hooks.ELSEWHERE)
    audit.record(by, "sso.provider_removed", row, before=told(row))
    db.delete(row)


def note_test(*, by: Actor) -> None:
    """The provider answered as it should a moment ago."""
    row = queries.lock_provider()
    if row is not None:
        row.tested_at = clock.now()
        audit.record(by, "sso.provider_tested", row, issuer=row.issuer)


def wiring(row: SignInProvider | None) -> Wiring:
    """A provider as plain values. Raises NotFound for none."""
    if row is None:
        raise NotFound
    return Wiring(row.id, row.issuer, row.client_id, row.client_secret, isolation.tenant_url(COME_BACK))


def told(row: SignInProvider) -> dict[str, object]:
    """A provider as the audit tells of it: everything but the secret."""
    names = ("label", "issuer", "client_id", "domains", "first_role", "is_on", "is_only_way")
    return {name: getattr(row, name) for name in names}


def welcome(person: Person) -> StaffMember:
    """Who of this shop came back from the provider. Raises AddressNotProven, NotStaffHere.

    Once somebody is known by issuer and subject, no mail address counts. The first time it does: it must be proven,
    of an accepted domain, and of a member who is nobody else at this issuer.
    """
    known = queries.lock_identity(person.issuer, person.subject)
    member = staff.staff_by_id(known.staff_id) if known else _first_time(person)
    if member is None:
        raise NotStaffHere
    if known is None:
        known = SignInIdentity(staff_id=member.id, issuer=person.issuer, subject=person.subject)
        db.add(known)
        audit.record(staff.actor_of(member), "sso.linked", member, issuer=person.issuer, named=person.subject)
    known.last_used_at = clock.now()
    db.flush()
    return member


def _refuse_address(issuer: str) -> None:
    """An issuer is an https address without a query (OpenID Connect Discovery, 4.1), and none of our own networks."""
    try:
        http.refuse_typed_address(issuer)
    except http.Refused as problem:
        raise InvalidInput({"issuer": str(problem)}) from problem
    if "?" in issuer or "#" in issuer:
        raise InvalidInput({"issuer": gettext("Write it without a question mark and without a hash sign.")})


def _send_to_provider() -> None:
    """It has just become the only way: whoever came in by another one comes in again."""
    for member in staff.all_staff():
        if not member.is_owner:
            login.sign_out_everywhere("staff", member.id)


def _first_time(person: Person) -> StaffMember | None:
    row = queries.provider_in_use()
    email = text.normalise_email(person.email)
    domain = email.rpartition("@")[2]
    if row is None or not email or (row.domains and domain not in row.domains):
        raise AddressNotProven
    member = staff.staff_by_email(email)
    if member is not None:
        return None if queries.has_identity(member.id, person.issuer) else member
    if not row.first_role or row.first_role not in staff.roles():
        return None
    return staff_service.join_from_elsewhere(email, person.name, row.first_role)
