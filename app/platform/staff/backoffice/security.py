"""How one signs in oneself, and where one is signed in."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, fresh_proof, requires
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.staff import factors, policy, queries, seats
from app.platform.staff.backoffice import sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import Nothing


@door.get("/security")
@requires("profile.write")
def security(**_: Any) -> Response:
    """One's factors, passkeys, recovery codes and sessions."""
    member = sessions.current_member()
    app, codes = queries.authenticator_of(member.id), queries.recovery_codes_of(member.id)
    return page(
        "staff/backoffice/security.html",
        member=member, app=app if app and app.secret else None, passkeys=queries.passkeys_of(member.id),
        codes_left=sum(code.used_at is None for code in codes), host=sessions.host(),
        seats=seats.seats_of(member.id, sessions.this_one()), is_asked=policy.current().asks(member),
    )  # fmt: skip


@door.post("/security/app/remove")
@requires("profile.write")
@fresh_proof
@accepts(Nothing, again=security)
def remove_app(form: Nothing) -> Response:
    """Sign in without the app from now on."""
    member = sessions.current_member()
    factors.remove_app(member)
    sessions.begin_alone(member, *sessions.means())
    return redirect_to(url_for(".security"), gettext("The app is no longer asked for."))


@door.post("/security/recovery-codes")
@requires("profile.write")
@fresh_proof
@accepts(Nothing)
def make_codes(form: Nothing) -> Response:
    """Ten new codes in place of the old ones, shown once."""
    codes = factors.new_recovery_codes(sessions.current_member())
    response = page("staff/backoffice/codes.html", codes=codes, goes_on=url_for(".security"))
    response.headers["Cache-Control"] = "no-store"
    return response


@door.post("/security/sessions/<uuid:session_id>/end")
@requires("profile.write")
@accepts(Nothing)
def end_session(form: Nothing, session_id: UUID) -> Response:
    """Sign out one other browser."""
    seats.end_own(sessions.current_member(), session_id, by=current_actor())
    return redirect_to(url_for(".security"), gettext("That browser is signed out."))


@door.post("/security/sessions/end-others")
@requires("profile.write")
@accepts(Nothing)
def end_other_sessions(form: Nothing) -> Response:
    """Sign out every browser but this one."""
    seats.end_others(sessions.current_member(), sessions.this_one(), by=current_actor())
    return redirect_to(url_for(".security"), gettext("All other browsers are signed out."))
