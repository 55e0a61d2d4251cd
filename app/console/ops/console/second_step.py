"""The operator's second step, making factors, and proving once more who one is."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.console.ops import factors, queries, service
from app.console.ops.console import sessions
from app.console.ops.console.door import door
from app.console.ops.errors import WrongSignIn
from app.core import login
from app.core.access import current_actor, for_operator, public, refuse_old_proof
from app.core.errors import InvalidInput, NotSignedIn
from app.core.i18n import gettext
from app.core.second_steps import WrongCode
from app.core.web import accepts, page, redirect_to
from app.platform.staff import qr
from app.platform.staff.schemas import Proof, SecondStep
from app.platform.tenancy.models import Operator

TRIES, QUARTER_OF_AN_HOUR = 8, 15 * 60


@door.get("/console/sign-in/second")
@public
def second_step(**_: Any) -> Response:
    """Ask for the code, or for a passkey."""
    operator = _waiting()
    has_passkeys, wanted = bool(queries.passkeys_of(operator.id)), request.values.get("next", "")
    return page("ops/console/second_step.html", operator=operator, has_passkeys=has_passkeys, next=wanted)


@door.post("/console/sign-in/second")
@public
@accepts(SecondStep, again=second_step)
def take_second_step(form: SecondStep) -> Response:
    """Check a code of the app, or one from paper."""
    operator = _waiting()
    return sessions.admit(operator, *sessions.means(), check_code(operator, form.code), wanted=form.next)


@door.get("/console/sign-in/set-up")
@public
def set_up() -> Response:
    """No second step yet: which one? Offered at each sign-in; where the rule asks for it, nothing else opens."""
    operator = who_may_make_factors()
    is_asked, wanted = sessions.waiting() is not None, request.values.get("next", "")
    goes_on = sessions.safe_next(wanted)
    return page("ops/console/set_up.html", operator=operator, is_asked=is_asked, next=wanted, goes_on=goes_on)


@door.get("/console/sign-in/app")
@public
def app_page(**_: Any) -> Response:
    """The square code to scan, and the field for the first code."""
    operator = who_may_make_factors()
    app = factors.start_app(operator)
    square, wanted = qr.picture(factors.address_of(app, operator)), request.values.get("next", "")
    return _never_kept(page("ops/console/app.html", square=square, secret=app.next_secret, next=wanted))


@door.post("/console/sign-in/app")
@public
@accepts(SecondStep, again=app_page)
def confirm_app(form: SecondStep) -> Response:
    """Use the app from now on, and show the recovery codes once."""
    operator = who_may_make_factors()
    count_try(operator)
    try:
        codes = factors.confirm_app(operator, form.code)
    except WrongCode as wrong:
        raise InvalidInput({"code": wrong.sentence}) from wrong
    return made(operator, "app", codes, form.next)


@door.get("/console/prove")
@for_operator
def prove(**_: Any) -> Response:
    """Signed in a while ago: a dangerous door asks once more."""
    operator, wanted = sessions.current_operator(), request.values.get("next", "")
    has_passkeys = bool(queries.passkeys_of(operator.id))
    return page("ops/console/prove.html", operator=operator, has_passkeys=has_passkeys, next=wanted)


@door.post("/console/prove")
@for_operator
@accepts(Proof, again=prove)
def prove_again(form: Proof) -> Response:
    """By a code where one has a second factor, else by the password."""
    operator = sessions.current_operator()
    if operator.has_factor:
        check_code(operator, form.code)
    else:
        count_try(operator)
        try:
            service.recognise(operator.email, form.password)
        except WrongSignIn as wrong:
            raise InvalidInput({"password": gettext("The current password is not right.")}) from wrong
    sessions.proven_again()
    return redirect_to(sessions.safe_next(form.next))


def who_may_make_factors() -> Operator:
    """Whoever is in and has just proven it, or who was asked to make a first factor. Raises NotSignedIn, ProofIsOld."""
    waits = sessions.waiting()
    if waits is not None and not waits.has_factor:
        return waits
    operator = sessions.current_operator()
    refuse_old_proof()
    return operator


def made(operator: Operator, factor: str, codes: list[str], wanted: str) -> Response:
    """The answer to a new factor: other sessions end, this one goes on, and first recovery codes are shown once."""
    was_in = current_actor().kind == "operator" and not wanted
    sessions.begin_alone(operator, *sessions.means(), factor)
    goes_on = url_for("ops_console.security") if was_in else sessions.safe_next(wanted)
    if not codes:
        return redirect_to(goes_on, gettext("From now on you sign in with it too. Other browsers are signed out."))
    return show_codes(codes, goes_on)


def show_codes(codes: list[str], goes_on: str) -> Response:
    """Recovery codes, once."""
    return _never_kept(page("ops/console/codes.html", codes=codes, goes_on=goes_on))


def check_code(operator: Operator, code: str) -> str:
    """What kind of code this is. Raises InvalidInput, TooManyRequests."""
    count_try(operator)
    try:
        return factors.prove(operator, code)
    except WrongCode as wrong:
        raise InvalidInput({"code": wrong.sentence}) from wrong


def count_try(operator: Operator) -> None:
    """Count an attempt: six digits are guessed if nobody counts. Raises TooManyRequests."""
    login.rate_limit("operator-second", str(operator.id), TRIES, QUARTER_OF_AN_HOUR)


def _waiting() -> Operator:
    operator = sessions.waiting()
    if operator is None or not operator.has_factor:
        raise NotSignedIn
    return operator


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
