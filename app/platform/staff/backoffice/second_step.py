"""The second step of coming in, making the first factor where the shop asks for one, and proving oneself once more."""

from typing import Any

from flask import Response, request, url_for

from app.core import login
from app.core.access import current_actor, public, refuse_old_proof, requires
from app.core.errors import InvalidInput, NotSignedIn
from app.core.i18n import gettext
from app.core.second_steps import WrongCode
from app.core.web import accepts, page, redirect_to
from app.platform.staff import credentials, factors, qr, queries
from app.platform.staff.backoffice import admitting, sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.errors import WrongPassword
from app.platform.staff.models import StaffMember
from app.platform.staff.schemas import Proof, SecondStep

QUARTER_OF_AN_HOUR = 15 * 60
TRIES = 8


@door.get("/sign-in/second")
@public
def second_step(**_: Any) -> Response:
    """Ask for the code, or for a passkey."""
    member = _waiting(has_factor=True)
    keys = queries.passkeys_of(member.id, sessions.host())
    wanted = sessions.safe_next(request.values.get("next"))
    return page("staff/backoffice/second_step.html", member=member, has_passkeys=bool(keys), next=wanted)


@door.post("/sign-in/second")
@public
@accepts(SecondStep, again=second_step)
def take_second_step(form: SecondStep) -> Response:
    """Check a code of the app, or one from paper."""
    member = _waiting(has_factor=True)
    proven = check_code(member, form.code)
    return admitting.admit(member, *sessions.means(), proven, wanted=form.next)


@door.get("/sign-in/set-up")
@public
def set_up() -> Response:
    """The shop asks for a second factor and this member has none: which one?"""
    member = _waiting(has_factor=False)
    wanted = sessions.safe_next(request.values.get("next"))
    return page("staff/backoffice/set_up.html", member=member, next=wanted)


@door.get("/sign-in/app")
@public
def app_page(**_: Any) -> Response:
    """The square code to scan, and the field for the first code."""
    member = who_may_make_factors()
    app = factors.start_app(member)
    return _never_kept(
        page(
            "staff/backoffice/app.html",
            member=member, square=qr.picture(factors.address_of(app, member)), secret=app.next_secret,
            is_in=current_actor().kind == "staff", next=sessions.safe_next(request.values.get("next")),
        )
    )  # fmt: skip


@door.post("/sign-in/app")
@public
@accepts(SecondStep, again=app_page)
def confirm_app(form: SecondStep) -> Response:
    """Use the app from now on, and show the recovery codes once."""
    member = who_may_make_factors()
    count_try(member)
    try:
        codes = factors.confirm_app(member, form.code)
    except WrongCode as wrong:
        raise InvalidInput({"code": wrong.sentence}) from wrong
    return made(member, "app", codes, form.next)


@door.get("/prove")
@requires("profile.write")
def prove(**_: Any) -> Response:
    """Signed in a while ago: a dangerous door asks once more."""
    member = sessions.current_member()
    account = queries.account_by_id(member.account_id)
    return page(
        "staff/backoffice/prove.html",
        member=member, next=sessions.safe_next(request.values.get("next")),
        has_password=bool(account and account.password_hash),
        has_passkeys=bool(queries.passkeys_of(member.id, sessions.host())),
    )  # fmt: skip


@door.post("/prove")
@requires("profile.write")
@accepts(Proof, again=prove)
def prove_again(form: Proof) -> Response:
    """By a code where one has a second factor, else by the password."""
    member = sessions.current_member()
    if member.has_factor:
        check_code(member, form.code)
    else:
        count_try(member)
        account = queries.lock_account(member.account_id)
        try:
            credentials.refuse_wrong_password(account, form.password)
        except WrongPassword as wrong:
            raise InvalidInput({"password": wrong.sentence}) from wrong
    sessions.proven_again()
    return redirect_to(sessions.safe_next(form.next))


def who_may_make_factors() -> StaffMember:
    """Whoever is signed in and has just proven it, or who was asked to make a first factor. Raises NotSignedIn."""
    waits = sessions.waiting()
    if waits is not None and not waits.has_factor:
        return waits
    member = sessions.current_member()
    refuse_old_proof()
    return member


def made(member: StaffMember, factor: str, codes: list[str], wanted: str) -> Response:
    """The answer to a new factor: other sessions end, this one goes on, and first recovery codes are shown once."""
    was_in = current_actor().kind == "staff"
    sessions.begin_alone(member, *sessions.means(), factor)
    if not was_in:
        admitting.arrive(member)
    goes_on = sessions.safe_next(wanted) if not was_in else url_for("staff_backoffice.security")
    if not codes:
        return redirect_to(goes_on, gettext("From now on you sign in with it too. Other browsers are signed out."))
    return _never_kept(page("staff/backoffice/codes.html", codes=codes, goes_on=goes_on))


def check_code(member: StaffMember, code: str) -> str:
    """What kind of code this is. Raises InvalidInput, TooManyRequests."""
    count_try(member)
    try:
        return factors.prove(member, code)
    except WrongCode as wrong:
        raise InvalidInput({"code": wrong.sentence}) from wrong


def count_try(member: StaffMember) -> None:
    """Count an attempt at a code: six digits are guessed if nobody counts. Raises TooManyRequests."""
    login.rate_limit("staff-second", str(member.id), TRIES, QUARTER_OF_AN_HOUR)


def _waiting(*, has_factor: bool) -> StaffMember:
    member = sessions.waiting()
    if member is None or member.has_factor != has_factor:
        raise NotSignedIn
    return member


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
