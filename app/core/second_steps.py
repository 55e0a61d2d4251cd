"""What proves more than a password: codes of an app (RFC 6238), recovery codes on paper, passkeys (WebAuthn level 2).

Mechanisms only. Whose a secret, a hash or a key is, is kept by the room that lets people in: staff in a shop, the
operator in the console.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from flask import session

from app.core import clock
from app.core.errors import DomainError
from app.core.i18n import mark
from app.core.later import later

if TYPE_CHECKING:
    import pyotp
    import webauthn
    from webauthn.helpers import exceptions, structs
else:
    pyotp, webauthn = later("pyotp"), later("webauthn")
    exceptions, structs = later("webauthn.helpers.exceptions"), later("webauthn.helpers.structs")

STEP_SECONDS = 30
CODES = 10
SECOND = frozenset({"app", "passkey", "recovery"})
"""What proves more than a password. A passkey is two at once: the device, and a finger or PIN on it."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else on paper
_GROUPS, _GROUP = 4, 4
_CHALLENGE, _CHALLENGE_LASTS = "challenge", timedelta(minutes=5)


class WrongCode(DomainError):
    """Not the code of this half minute, used already, or none of the recovery codes that are left."""

    code, message, status = "wrong_code", mark("This code is not right, or was used before. Try the next one."), 422


class PasskeyRefused(DomainError):
    """The answer of a device that does not prove what it should: all reasons sound the same."""

    code, status = "passkey_refused", 422
    message = mark("The passkey could not be checked. Please try again.")


# --- codes ---------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A secret for an app."""
    return pyotp.random_base32()


def address_of(secret: str, *, name: str, issuer: str) -> str:
    """What the square code says: `otpauth://totp/...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The half minute that shows this code: now, the one before or the one after, if it comes after the last used."""
    now, shown, given = int(clock.now().timestamp()) // STEP_SECONDS, pyotp.TOTP(secret), code.replace(" ", "").encode()
    fitting = [one for one in (now - 1, now, now + 1) if hmac.compare_digest(shown.generate_otp(one).encode(), given)]
    return next((one for one in fitting if one > after), None)


class AppRow(Protocol):
    """What a room keeps of somebody's app. A new secret waits in `next_secret` until its first code is shown."""

    secret: Any
    next_secret: Any
    last_step: Any
    confirmed_at: Any


def confirm(app: AppRow | None, code: str) -> None:
    """Use the secret that waits from now on, since an app shows its code. Raises WrongCode."""
    step = step_of(app.next_secret, code) if app and app.next_secret else None
    if app is None or step is None:
        raise WrongCode
    app.secret, app.next_secret, app.last_step, app.confirmed_at = app.next_secret, None, step, clock.now()


def use(app: AppRow | None, code: str) -> None:
    """Take a code of an app, which works once. Raises WrongCode."""
    step = step_of(app.secret, code, after=app.last_step) if app and app.secret else None
    if app is None or step is None:
        raise WrongCode
    app.last_step = step


def plain(code: str) -> str:
    """A code without what people put between its letters."""
    return "".join(one for one in code.lower() if one.isalnum())


def is_of_app(code: str) -> bool:
    """Does a plain code look like one of an app, and not like one from paper?"""
    return code.isdigit() and len(code) == 6


def new_codes() -> list[str]:
    """Ten recovery codes of four groups of four of 31 letters: 79 bits, so a plain hash cannot be turned back."""
    groups = range(_GROUPS)
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in groups) for _ in range(CODES)]


def hash_of(code: str) -> bytes:
    """What is kept of a recovery code."""
    return hashlib.sha256(plain(code).encode()).digest()


# --- passkeys ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a passkey belongs: the host in the address, and what a browser signs as the place where it was asked."""

    host: str
    origin: str


@dataclass(frozen=True)
class Claim:
    """The id of a passkey and of its user as the device says them; nothing of it is proven yet."""

    id: bytes
    user: bytes


@dataclass(frozen=True)
class MadeKey:
    """The public half of a passkey that a device made."""

    id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Holder:
    """For whom a device makes a passkey, as it shows them."""

    id: UUID
    email: str
    name: str


def to_make(holder: Holder, host: str, at: str, known: Iterable[bytes], challenge: bytes) -> str:
    """What a browser needs to make a passkey at this host, as JSON; `at` is the name that the device shows."""
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=at,
        user_id=holder.id.bytes,
        user_name=holder.email,
        user_display_name=holder.name,
        challenge=challenge,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_sign(host: str, allowed: Sequence[bytes], challenge: bytes) -> str:
    """What a browser needs to sign with one of these passkeys, or with whichever it has, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in allowed],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def read_made(made: str, place: Place, challenge: bytes | None) -> MadeKey:
    """The passkey that a device made for this challenge, with a finger, a face or a PIN. Raises PasskeyRefused."""
    if challenge is None:
        raise PasskeyRefused
    try:
        proven = webauthn.verify_registration_response(
            credential=made, expected_challenge=challenge, expected_rp_id=place.host, expected_origin=place.origin,
            require_user_verification=True,
        )  # fmt: skip
    except (exceptions.WebAuthnException, ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem
    return MadeKey(proven.credential_id, proven.credential_public_key, proven.sign_count)


def read_claim(signed: str) -> Claim:
    """Whose a signature says it is. Raises PasskeyRefused for what is no signature at all."""
    try:
        told: Any = json.loads(signed)
        user = told["response"].get("userHandle") or ""
        return Claim(webauthn.base64url_to_bytes(told["rawId"]), webauthn.base64url_to_bytes(user))
    except (ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem


def check_signed(signed: str, place: Place, challenge: bytes, public_key: bytes, sign_count: int) -> int:
    """The new count of a passkey that signed the challenge.

    Raises PasskeyRefused for another origin or host, another challenge, a counter that went back, nobody's finger.
    """
    try:
        proven = webauthn.verify_authentication_response(
            credential=signed, expected_challenge=challenge, expected_rp_id=place.host, expected_origin=place.origin,
            credential_public_key=public_key, credential_current_sign_count=sign_count, require_user_verification=True,
        )  # fmt: skip
    except (exceptions.WebAuthnException, ValueError, TypeError, LookupError, AttributeError) as problem:
        raise PasskeyRefused from problem
    return proven.new_sign_count


def new_challenge(purpose: str) -> bytes:
    """Something for a device to sign, for one purpose, once, in this browser's session."""
    value = secrets.token_bytes(32)
    session[_CHALLENGE] = [purpose, value.hex(), int((clock.now() + _CHALLENGE_LASTS).timestamp())]
    return value


def take_challenge(purpose: str) -> bytes | None:
    """The challenge of this session; gone from now on, and None for another purpose or after five minutes."""
    kept = session.take(_CHALLENGE)  # type: ignore[attr-defined]  # RowSession
    if not kept or kept[0] != purpose or kept[2] < clock.now().timestamp():
        return None
    return bytes.fromhex(kept[1])
