"""Passkeys: the browser asks for something to sign, and sends it back signed in an ordinary form."""

from uuid import UUID

from flask import Response, make_response, url_for

from app.core import login
from app.core.access import current_actor, fresh_proof, public, requires
from app.core.i18n import gettext
from app.core.second_steps import new_challenge, take_challenge
from app.core.web import accepts, redirect_to
from app.platform.staff import passkeys, seats
from app.platform.staff.backoffice import admitting, sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.backoffice.entry import QUARTER_OF_AN_HOUR, TRIES_PER_ADDRESS, sign_in
from app.platform.staff.backoffice.second_step import made, who_may_make_factors
from app.platform.staff.schemas import Nothing, PasskeyName, Signed

_COME_IN, _MAKE = "come in", "make"


@door.post("/sign-in/passkey/options")
@public
@accepts(Nothing)
def passkey_options(form: Nothing) -> Response:
    """What to sign: with one of somebody's own passkeys after the first step, else with whichever the device has."""
    count_try()
    member = sessions.current_member() if current_actor().kind == "staff" else sessions.waiting()
    return _json(passkeys.to_sign(member, sessions.host(), new_challenge(_COME_IN)))


@door.post("/sign-in/passkey")
@public
@accepts(Signed, again=sign_in)
def come_in_by_passkey(form: Signed) -> Response:
    """Come in by a passkey alone, do the second step with one, or prove once more that it is you."""
    count_try()
    is_in = current_actor().kind == "staff"
    expected = sessions.current_member() if is_in else sessions.waiting()
    member = passkeys.whose(
        form.credential,
        only=expected.id if expected else None,
        host=sessions.host(),
        origin=sessions.origin(),
        challenge=take_challenge(_COME_IN),
    )
    if is_in:
        sessions.proven_again()
        return redirect_to(sessions.safe_next(form.next))
    return admitting.admit(member, *(sessions.means() if expected else ()), "passkey", wanted=form.next)


@door.post("/sign-in/passkeys/options")
@public
@accepts(Nothing)
def new_passkey_options(form: Nothing) -> Response:
    """What a device needs to make a passkey."""
    member = who_may_make_factors()
    return _json(passkeys.to_make(member, sessions.host(), new_challenge(_MAKE)))


@door.post("/sign-in/passkeys")
@public
@accepts(Signed)
def make_passkey(form: Signed) -> Response:
    """Keep the passkey that a device made, and show recovery codes once if it is the first factor."""
    member = who_may_make_factors()
    challenge = take_challenge(_MAKE)
    title = form.title or seats.device_of(sessions.user_agent())
    codes = passkeys.add(
        member, form.credential, title, host=sessions.host(), origin=sessions.origin(), challenge=challenge
    )
    return made(member, "passkey", codes, form.next)


@door.post("/security/passkeys/<uuid:passkey_id>/name")
@requires("profile.write")
@accepts(PasskeyName)
def rename_passkey(form: PasskeyName, passkey_id: UUID) -> Response:
    """Call a passkey something else."""
    passkeys.rename(sessions.current_member(), passkey_id, form.title)
    return redirect_to(url_for(".security"), gettext("The name is saved."))


@door.post("/security/passkeys/<uuid:passkey_id>/remove")
@requires("profile.write")
@fresh_proof
@accepts(Nothing)
def remove_passkey(form: Nothing, passkey_id: UUID) -> Response:
    """It no longer lets anybody in."""
    member = sessions.current_member()
    title = passkeys.remove(member, passkey_id)
    sessions.begin_alone(member, *sessions.means())
    return redirect_to(url_for(".security"), gettext("The passkey “%(title)s” no longer works here.", title=title))


def count_try() -> None:
    """Count what comes from one address. Raises TooManyRequests."""
    login.rate_limit("staff-passkey", login.remote_address(), 2 * TRIES_PER_ADDRESS, QUARTER_OF_AN_HOUR)


def _json(text: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
