"""Passkeys (WebAuthn level 2): made for one host of the shop, and always with a finger, a face or a PIN.

The core keeps the challenge; here it only comes in and goes out.
"""

from uuid import UUID

from app.core import clock, db, second_steps
from app.core.second_steps import Holder, PasskeyRefused, Place
from app.platform.staff import factors, queries
from app.platform.staff.models import Passkey, StaffMember
from app.platform.tenancy.queries import current_shop


def to_make(member: StaffMember, host: str, challenge: bytes) -> str:
    """What a browser needs to make a passkey for this member at this host, as JSON."""
    holder, known = Holder(member.id, member.email, member.name), queries.passkeys_of(member.id)
    return second_steps.to_make(holder, host, current_shop().name, [one.credential_id for one in known], challenge)


def to_sign(member: StaffMember | None, host: str, challenge: bytes) -> str:
    """What a browser needs to sign with a passkey: one of this member's, or whichever it has, as JSON."""
    mine = queries.passkeys_of(member.id, host) if member else []
    return second_steps.to_sign(host, [one.credential_id for one in mine], challenge)


def add(member: StaffMember, made: str, title: str, *, host: str, origin: str, challenge: bytes | None) -> list[str]:
    """Keep a passkey that a device made. Returns recovery codes if it is the first factor. Raises PasskeyRefused."""
    proven = second_steps.read_made(made, Place(host, origin), challenge)
    if queries.lock_passkey_named(proven.id, host) is not None:
        raise PasskeyRefused
    db.add(
        Passkey(
            staff_id=member.id, credential_id=proven.id, public_key=proven.public_key,
            sign_count=proven.sign_count, host=host, title=title,
        )
    )  # fmt: skip
    return factors.added(member, "passkey")


def whose(signed: str, *, host: str, origin: str, challenge: bytes | None, only: UUID | None = None) -> StaffMember:
    """Who signed the challenge with a passkey of this host; `only` names the one member that it may be.

    Raises PasskeyRefused, whatever the reason: another origin or host, an old challenge, a passkey of another shop,
    a counter that went back, nobody's finger.
    """
    claim = second_steps.read_claim(signed)
    passkey = queries.lock_passkey_named(claim.id, host) if challenge else None
    if passkey is None or challenge is None or only not in {None, passkey.staff_id}:
        raise PasskeyRefused
    if claim.user not in {b"", passkey.staff_id.bytes}:
        raise PasskeyRefused
    place = Place(host, origin)
    passkey.sign_count = second_steps.check_signed(signed, place, challenge, passkey.public_key, passkey.sign_count)
    passkey.last_used_at = clock.now()
    return queries.staff_or_404(passkey.staff_id)


def rename(member: StaffMember, passkey_id: UUID, title: str) -> None:
    """Call a passkey something else. Raises NotFound."""
    queries.lock_passkey(passkey_id, member.id).title = title


def remove(member: StaffMember, passkey_id: UUID) -> str:
    """Take a passkey away; returns its name. Raises NotFound, FactorIsAsked."""
    passkey = queries.lock_passkey(passkey_id, member.id)
    title = passkey.title
    db.delete(passkey)
    factors.removed(member, "passkey")
    return title
