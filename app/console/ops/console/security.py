"""How an operator signs in: passkeys, the app, recovery codes, the rule for everybody, and their sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, make_response, request, url_for

from app.console.ops import factors, queries
from app.console.ops.console import sessions
from app.console.ops.console.door import door
from app.console.ops.console.entry import sign_in_page
from app.console.ops.console.second_step import made, show_codes, who_may_make_factors
from app.console.ops.schemas import Nothing, Rule
from app.core import login
from app.core import sessions as seats
from app.core.access import current_actor, for_operator, fresh_proof, public
from app.core.errors import NotFound
from app.core.i18n import gettext
from app.core.second_steps import new_challenge, take_challenge
from app.core.web import accepts, page, redirect_to
from app.platform.staff.schemas import Signed
from app.platform.staff.seats import device_of

_COME_IN, _MAKE = "come in", "make"
TRIES, QUARTER_OF_AN_HOUR = 80, 15 * 60


@door.post("/console/sign-in/passkey/options")
@public
@accepts(Nothing)
def passkey_options(form: Nothing) -> Response:
    """What to sign: with one of somebody's own passkeys after the first step, else with whichever the device has."""
    count_try()
    operator = sessions.current_operator() if current_actor().kind == "operator" else sessions.waiting()
    return _json(factors.to_sign(operator, sessions.place().host, new_challenge(_COME_IN)))


@door.post("/console/sign-in/passkey")
@public
@accepts(Signed, again=lambda **_: sign_in_page())
def come_in_by_passkey(form: Signed) -> Response:
    """Come in by a passkey alone, do the second step with one, or prove once more that it is you."""
    count_try()
    is_in = current_actor().kind == "operator"
    expected = sessions.current_operator() if is_in else sessions.waiting()
    challenge = take_challenge(_COME_IN)
    operator = factors.whose(form.credential, sessions.place(), challenge, expected.id if expected else None)
    if is_in:
        sessions.proven_again()
        return redirect_to(sessions.safe_next(form.next))
    return sessions.admit(operator, *(sessions.means() if expected else ()), "passkey", wanted=form.next)


@door.post("/console/sign-in/passkeys/options")
@public
@accepts(Nothing)
def new_passkey_options(form: Nothing) -> Response:
    """What a device needs to make a passkey."""
    operator = who_may_make_factors()
    return _json(factors.to_make(operator, sessions.place().host, new_challenge(_MAKE)))


@door.post("/console/sign-in/passkeys")
@public
@accepts(Signed)
def make_passkey(form: Signed) -> Response:
    """Keep the passkey that a device made, and show recovery codes once if it is the first factor."""
    operator, challenge = who_may_make_factors(), take_challenge(_MAKE)
    title = form.title or device_of(request.user_agent.string)
    codes = factors.add_passkey(operator, form.credential, title, sessions.place(), challenge)
    return made(operator, "passkey", codes, form.next)


@door.get("/console/security")
@for_operator
def security(**_: Any) -> Response:
    """One's factors, passkeys, recovery codes and sessions, and the rule for everybody."""
    operator, this = sessions.current_operator(), sessions.this_one()
    app, codes = queries.app_of(operator.id), queries.codes_of(operator.id)
    return page(
        "ops/console/security.html",
        operator=operator, app=app if app and app.secret else None, passkeys=queries.passkeys_of(operator.id),
        codes_left=sum(code.used_at is None for code in codes), is_asked=queries.asks_second_step(), this=this,
        seats=seats.of_subject("operator", operator.id), device_of=device_of, everybody=queries.operators(),
    )  # fmt: skip


@door.post("/console/security/app/remove")
@for_operator
@fresh_proof
@accepts(Nothing, again=security)
def remove_app(form: Nothing) -> Response:
    """Sign in without the app from now on."""
    operator = sessions.current_operator()
    factors.remove_app(operator)
    sessions.begin_alone(operator, *sessions.means())
    return redirect_to(url_for(".security"), gettext("The app is no longer asked for."))


@door.post("/console/security/passkeys/<uuid:passkey_id>/remove")
@for_operator
@fresh_proof
@accepts(Nothing, again=security)
def remove_passkey(form: Nothing, passkey_id: UUID) -> Response:
    """It no longer lets anybody in."""
    operator = sessions.current_operator()
    title = factors.remove_passkey(operator, passkey_id)
    sessions.begin_alone(operator, *sessions.means())
    return redirect_to(url_for(".security"), gettext("The passkey “%(title)s” no longer works here.", title=title))


@door.post("/console/security/recovery-codes")
@for_operator
@fresh_proof
@accepts(Nothing)
def make_codes(form: Nothing) -> Response:
    """Ten new codes in place of the old ones, shown once."""
    operator = sessions.current_operator()
    if not operator.has_factor:
        raise NotFound
    return show_codes(factors.new_codes(operator), url_for(".security"))


@door.post("/console/security/rule")
@for_operator
@fresh_proof
@accepts(Rule, again=security)
def set_rule(form: Rule) -> Response:
    """Ask every operator for a second step, or leave it to them."""
    factors.set_rule(form.second_step, by=current_actor())
    return redirect_to(url_for(".security"), gettext("Saved."))


@door.post("/console/security/sessions/<uuid:session_id>/end")
@for_operator
@accepts(Nothing)
def end_session(form: Nothing, session_id: UUID) -> Response:
    """Sign out one other browser."""
    factors.end_session(sessions.current_operator(), session_id)
    return redirect_to(url_for(".security"), gettext("That browser is signed out."))


@door.post("/console/security/sessions/end-others")
@for_operator
@accepts(Nothing)
def end_other_sessions(form: Nothing) -> Response:
    """Sign out every browser but this one."""
    factors.end_other_sessions(sessions.current_operator(), sessions.this_one())
    return redirect_to(url_for(".security"), gettext("All other browsers are signed out."))


def count_try() -> None:
    """Count what comes from one address. Raises TooManyRequests."""
    login.rate_limit("operator-passkey", login.remote_address(), TRIES, QUARTER_OF_AN_HOUR)


def _json(text: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    return response
