"""Coming in and going out."""

from flask import Response, request, url_for

from app.core import login
from app.core.access import current_actor, public
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.staff import hooks, service
from app.platform.staff.backoffice import admitting, sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import Nothing, SignIn

QUARTER_OF_AN_HOUR = 15 * 60
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 40


@door.get("/sign-in")
@public
def sign_in() -> Response:
    """The sign-in page; whoever is in already goes on."""
    wanted = sessions.safe_next(request.values.get("next"))
    if request.method == "GET" and current_actor().kind == "staff":
        return redirect_to(wanted)
    if request.method == "GET" and sessions.waiting():
        return redirect_to(admitting.next_step(wanted))
    return page("staff/backoffice/sign_in.html", next=wanted, other_way=hooks.way())


@door.post("/sign-in")
@public
@accepts(SignIn, again=sign_in)
def come_in(form: SignIn) -> Response:
    """Check e-mail and password. Attempts are counted for each account and each address, in this shop."""
    limit_attempts(form.email)
    member = service.check_sign_in(form.email, form.password)
    return admitting.admit(member, "password", wanted=form.next)


@door.get("/enter/<token>")
@public
def enter(token: str) -> Response:
    """Sign in by a link that works once."""
    return admitting.admit(service.use_entry_link(token), "link", wanted=request.args.get("next", ""))


@door.post("/sign-out")
@public
@accepts(Nothing)
def sign_out(form: Nothing) -> Response:
    """End this session; harmless for somebody who is out already."""
    login.sign_out("staff")
    return redirect_to(url_for(".sign_in"), say=gettext("You are signed out."))


def limit_attempts(email: str) -> None:
    """Count an attempt to prove who one is. Raises TooManyRequests."""
    login.rate_limit("staff-account", admitting.count_of(email), TRIES_PER_ACCOUNT, QUARTER_OF_AN_HOUR)
    login.rate_limit("staff-address", login.remote_address(), TRIES_PER_ADDRESS, QUARTER_OF_AN_HOUR)
