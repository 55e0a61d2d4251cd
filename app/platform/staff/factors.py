"""Second factors of a member: an app with codes, and recovery codes on paper. Passkeys stand in passkeys.py.

They belong to the membership and not to the person: a colleague who resets them in one shop weakens no other shop.
"""

from uuid import UUID

from app.core import audit, clock, db, ids, second_steps
from app.core.access import Actor
from app.core.events import publish
from app.core.second_steps import WrongCode
from app.platform.staff import policy, queries
from app.platform.staff.errors import FactorIsAsked
from app.platform.staff.events import StaffFactorChanged
from app.platform.staff.granting import refuse_more_than_held
from app.platform.staff.models import Authenticator, RecoveryCode, StaffMember
from app.platform.tenancy.queries import current_shop


def start_app(member: StaffMember) -> Authenticator:
    """A secret for a new app; one that waits for its first code is kept. An app in use goes on until then."""
    app = queries.lock_authenticator_of(member.id)
    if app is None:
        app = Authenticator(staff_id=member.id, secret=None, next_secret=None)
        db.add(app)
    if app.next_secret is None:
        app.next_secret = second_steps.new_secret()
        db.flush()
    return app


def address_of(app: Authenticator, member: StaffMember) -> str:
    """What the square code says: `otpauth://totp/...`, under the shop's own name."""
    return second_steps.address_of(app.next_secret or "", name=member.email, issuer=current_shop().name)


def confirm_app(member: StaffMember, code: str) -> list[str]:
    """Use the app from now on, since it shows the right code. Returns new recovery codes, if there were none.

    Raises WrongCode.
    """
    second_steps.confirm(queries.lock_authenticator_of(member.id), code)
    return added(member, "app")


def prove(member: StaffMember, code: str) -> str:
    """What kind of code this is: "app" or "recovery". Each works once. Raises WrongCode."""
    plain = second_steps.plain(code)
    if second_steps.is_of_app(plain):
        second_steps.use(queries.lock_authenticator_of(member.id), plain)
        return "app"
    found = queries.lock_recovery_code(member.id, second_steps.hash_of(plain))
    if found is None:
        raise WrongCode
    found.used_at = clock.now()
    audit.record(queries.actor_of(member), "staff.recovery_code_used", member)
    _tell(member, "recovery_used", "recovery")
    return "recovery"


def remove_app(member: StaffMember) -> None:
    """Stop using the app. Raises FactorIsAsked, WrongCode if there is none."""
    app = queries.lock_authenticator_of(member.id)
    if app is None or app.secret is None:
        raise WrongCode
    db.delete(app)
    removed(member, "app")


def new_recovery_codes(member: StaffMember) -> list[str]:
    """Ten other codes in place of all older ones; shown once, since only their hashes are kept."""
    for old in queries.recovery_codes_of(member.id):
        db.delete(old)
    codes = second_steps.new_codes()
    for one in codes:
        db.add(RecoveryCode(staff_id=member.id, code_hash=second_steps.hash_of(one)))
    audit.record(queries.actor_of(member), "staff.recovery_codes_made", member)
    _tell(member, "recovery_made", "recovery")
    return codes


def added(member: StaffMember, factor: str) -> list[str]:
    """Note that a member has one more factor. Returns recovery codes if it is the first."""
    is_first, member.has_factor = not member.has_factor, True
    audit.record(queries.actor_of(member), "staff.factor_added", member, factor=factor)
    _tell(member, "added", factor)
    db.flush()
    return new_recovery_codes(member) if is_first else []


def removed(member: StaffMember, factor: str) -> None:
    """Note that a member has one factor less; recovery codes go with the last one. Raises FactorIsAsked."""
    db.flush()
    app = queries.authenticator_of(member.id)
    if not (app and app.secret) and not queries.passkeys_of(member.id):
        if policy.current().asks(member):
            raise FactorIsAsked
        _forget(member)
    audit.record(queries.actor_of(member), "staff.factor_removed", member, factor=factor)
    _tell(member, "removed", factor)


def reset(staff_id: UUID, *, by: Actor) -> StaffMember:
    """Take every factor of a colleague away who lost them; they come in by password and are asked for new ones.

    Raises NotFound, and MoreThanYouHold for somebody who may more than `by`.
    """
    member = queries.lock_staff(staff_id)
    refuse_more_than_held(queries.permissions_of(member), by)
    app = queries.lock_authenticator_of(member.id)
    for row in [*queries.passkeys_of(member.id), *([app] if app else [])]:
        db.delete(row)
    _forget(member)
    audit.record(by, "staff.factors_reset", member, email=member.email)
    _tell(member, "reset", "", by=by.name)
    return member


def _forget(member: StaffMember) -> None:
    for code in queries.recovery_codes_of(member.id):
        db.delete(code)
    member.has_factor = False


def _tell(member: StaffMember, change: str, factor: str, by: str = "") -> None:
    publish(StaffFactorChanged(changing=ids.new_id(), staff_id=member.id, change=change, factor=factor, by=by))
