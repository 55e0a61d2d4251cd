"""Where a person decides what an app may do in their name."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import Response, request, url_for
from flask import session as browser_session

from app.core import clock, login
from app.core.access import current_actor, refuse_old_proof, requires
from app.core.errors import NotSignedIn
from app.core.i18n import gettext
from app.core.later import later
from app.core.web import accepts, extend_csp, page, redirect_to
from app.platform.oauth import scopes, service, tokens
from app.platform.oauth.backoffice.door import door
from app.platform.oauth.schemas import Decision
from app.platform.staff import queries as staff
from app.platform.staff.models import StaffMember

if TYPE_CHECKING:
    from app.platform.oauth import server
else:
    server = later("app.platform.oauth.server")

JUST_NOW = 120
"""Seconds: who signed in so short ago has done what `prompt=login` asks for."""


@door.route("/oauth/authorize", methods=["GET"])
@requires("profile.write")
def consent() -> Response:
    """Ask the person, in the shop's look; a request that does not hold goes back, or is explained here."""
    member = _member()
    try:
        grant = server.server.get_consent_grant(end_user=server.Person(member))
    except server.OAuth2Error as problem:
        return _refuse(problem)
    if "none" in request.args.get("prompt", "").split():
        return _back(grant.redirect_uri, "consent_required")
    if _must_sign_in_again():
        login.sign_out("staff")
        return _sign_in()
    return _ask(grant, member)


@door.post("/oauth/authorize")
@requires("profile.write")
@accepts(Decision)
def decide(form: Decision) -> Response:
    """Send the person back to the app, with a code or without."""
    member = _member()
    try:
        grant = server.server.get_consent_grant(end_user=server.Person(member))
    except server.OAuth2Error as problem:
        return _refuse(problem)
    person = server.Person(member, _signed_in_at()) if form.decision == "allow" else None
    if person is not None:
        _refuse_old_proof(grant.request.scope.split())
    response: Response = server.server.create_authorization_response(grant=grant, grant_user=person)
    response.status_code = 303 if response.status_code == 302 else response.status_code
    return response


@door.errorhandler(NotSignedIn)
def ask_to_sign_in(_: NotSignedIn) -> Response:
    """Sign in and come back, unless the app asked that nobody be bothered."""
    if request.endpoint == f"{door.name}.consent" and "none" in request.args.get("prompt", "").split():
        try:
            grant = server.server.get_consent_grant()
        except server.OAuth2Error as problem:
            return _refuse(problem)
        return _back(grant.redirect_uri, "login_required")
    return _sign_in()


def _sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect_to(url_for("staff_backoffice.sign_in", next=wanted))


def _member() -> StaffMember:
    actor = current_actor()
    member = staff.staff_by_id(actor.id) if actor.kind == "staff" and actor.id else None
    if member is None:
        raise NotSignedIn
    return member


def _ask(grant: Any, member: StaffMember) -> Response:
    app, wanted = grant.client.app, grant.request.scope.split()
    _refuse_old_proof(wanted)
    given = service.may_get(app, wanted, member)
    place = urlsplit(grant.redirect_uri)
    origin = f"{place.scheme}://{place.netloc}" if place.netloc else f"{place.scheme}:"
    extend_csp("form-action", origin)
    offered = {**scopes.offered_to(current_actor()), **scopes.OF_PERSON}
    response = page(
        "oauth/backoffice/consent.html",
        app=app, member=member, given=[(one, gettext(offered[one])) for one in given],
        has_less=len(given) < len(wanted), place=place.netloc or place.scheme, action=request.full_path,
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Frame-Options"] = "DENY"
    return response


def _refuse_old_proof(wanted: list[str]) -> None:
    """Who lets an app let others in shows once more who they are. Raises ProofIsOld."""
    if scopes.EXPLICIT.intersection(wanted):
        refuse_old_proof()


def _signed_in_at() -> int:
    began = getattr(browser_session._get_current_object(), "began_at", None)  # type: ignore[attr-defined]  # a proxy
    return int((began or clock.now()).timestamp())


def _must_sign_in_again() -> bool:
    """`prompt=login` and `max_age` ask that the sign-in be fresh."""
    age = clock.now().timestamp() - _signed_in_at()
    longest = request.args.get("max_age", "")
    if longest.isdecimal() and age > max(int(longest), JUST_NOW):
        return True
    return "login" in request.args.get("prompt", "").split() and age > JUST_NOW


def _refuse(problem: Any) -> Response:
    """To the app where the app and its address are known to belong together; else only the person is told."""
    if not problem.redirect_uri:
        return page("oauth/backoffice/wrong_request.html", 400, reason=problem.get_error_description())
    return _back(problem.redirect_uri, problem.error, problem.get_error_description())


def _back(address: str, error: str, description: str = "") -> Response:
    answer = {"error": error, "error_description": description, "state": request.args.get("state", "")}
    told = urlencode({name: text for name, text in answer.items() if text} | {"iss": tokens.issuer()})
    return redirect_to(f"{address}{'&' if '?' in address else '?'}{told}")
