"""Passkeys (WebAuthn level 2): made for one host of the shop, and always with a finger, a face or a PIN.

The core keeps the challenge; here it only comes in and goes out.
"""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core import clock, db
from app.core.later import later
from app.platform.staff import factors, queries
from app.platform.staff.errors import PasskeyRefused
from app.platform.staff.models import Passkey, StaffMember
from app.platform.tenancy.queries import current_shop

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import exceptions, structs
else:
    webauthn = later("webauthn")
    exceptions, structs = later("webauthn.helpers.exceptions"), later("webauthn.helpers.structs")


def to_make(member: StaffMember, host: str, challenge: bytes) -> str:
    """What a browser needs to make a passkey for this member at this host, as JSON."""
    known = [structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in queries.passkeys_of(member.id)]
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=current_shop().name,
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name,
        challenge=challenge,
        exclude_credentials=known,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_sign(member: StaffMember | None, host: str, challenge: bytes) -> str:
    """What a browser needs to sign with a passkey: one of this member's, or whichever it has, as JSON."""
    mine = queries.passkeys_of(member.id, host) if member else []
    options = webauthn.generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in mine],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def add(member: StaffMember, made: str, title: str, *, host: str, origin: str, challenge: bytes | None) -> list[str]:
    """Keep a passkey that a device made. Returns recovery codes if it is the first factor. Raises PasskeyRefused."""
    if challenge is None:
        raise PasskeyRefused
    try:
        proven = webauthn.verify_registration_response(
            credential=made, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin,
            require_user_verification=True,
        )  # fmt: skip
    except (exceptions.WebAuthnException, ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem
    if queries.lock_passkey_named(proven.credential_id, host) is not None:
        raise PasskeyRefused
    db.add(
        Passkey(
            staff_id=member.id, credential_id=proven.credential_id, public_key=proven.credential_public_key,
            sign_count=proven.sign_count, host=host, title=title,
        )
    )  # fmt: skip
    return factors.added(member, "passkey")


def whose(signed: str, *, host: str, origin: str, challenge: bytes | None, only: UUID | None = None) -> StaffMember:
    """Who signed the challenge with a passkey of this host; `only` names the one member that it may be.

    Raises PasskeyRefused, whatever the reason: another origin or host, an old challenge, a passkey of another shop,
    a counter that went back, nobody's finger.
    """
    answer = _read(signed)
    passkey = queries.lock_passkey_named(answer["id"], host) if challenge else None
    if passkey is None or challenge is None or only not in {None, passkey.staff_id}:
        raise PasskeyRefused
    if answer["user"] not in {b"", passkey.staff_id.bytes}:
        raise PasskeyRefused
    try:
        proven = webauthn.verify_authentication_response(
            credential=signed, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin,
            credential_public_key=passkey.public_key, credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )  # fmt: skip
    except (exceptions.WebAuthnException, ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem
    passkey.sign_count, passkey.last_used_at = proven.new_sign_count, clock.now()
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


def _read(signed: str) -> dict[str, bytes]:
    """The id of the passkey and of its user as the device says them; nothing of it is proven yet."""
    try:
        told: Any = json.loads(signed)
        user = told["response"].get("userHandle") or ""
        return {name: webauthn.base64url_to_bytes(text) for name, text in (("id", told["rawId"]), ("user", user))}
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem
