"""Door: the operator's pages, and on a developer's machine the mailbox."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, request, url_for

from app import settings
from app.console.ops import service
from app.console.ops.console import sessions
from app.console.ops.console.door import door
from app.console.ops.schemas import Nothing, SignIn
from app.core import login
from app.core.access import public
from app.core.errors import NotFound
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.mail import queries as mail

SANDBOX = "default-src 'none'; img-src 'self' data: http: https:; style-src 'unsafe-inline'; sandbox allow-popups"
"""A mail is somebody else's page: it may be styled, but it runs nothing and sends nothing."""


@door.get("/console/sign-in")
@public
def sign_in_page() -> Response:
    """Who is there? Whoever has done the first step goes on to the second."""
    wanted = request.values.get("next", "")
    waits = sessions.waiting() if request.method == "GET" else None
    if waits is not None:
        step = "ops_console.second_step" if waits.has_factor else "ops_console.set_up"
        return redirect_to(url_for(step, next=wanted or None))
    return page("ops/console/sign_in.html", next=wanted)


@door.post("/console/sign-in")
@public
@accepts(SignIn, again=sign_in_page)
def sign_in(form: SignIn) -> Response:
    """Let the operator in; ten tries in five minutes from one address."""
    login.rate_limit("operator-sign-in", login.remote_address(), 10, 300)
    operator = service.recognise(form.email, form.password)
    return sessions.admit(operator, "password", wanted=form.next)


@door.post("/console/sign-out")
@public
@accepts(Nothing)
def sign_out(form: Nothing) -> Response:
    """End this browser's session; harmless for somebody who is out already."""
    login.sign_out("operator")
    return redirect_to(url_for(".sign_in_page"), gettext("You are signed out."))


@door.get("/mailbox")
@public
def mailbox() -> Response:
    """Every mail that was caught, the newest first."""
    _only_in_development()
    return page("ops/console/mailbox.html", messages=mail.mailbox())


@door.get("/mailbox/<uuid:message_id>")
@public
def message(message_id: UUID) -> Response:
    """One mail as its reader sees it, and as text."""
    _only_in_development()
    return page("ops/console/message.html", message=mail.mailbox_message(message_id))


@door.get("/mailbox/<uuid:message_id>/body")
@public
def body(message_id: UUID) -> Response:
    """The mail's own HTML, for the frame: it runs nothing."""
    _only_in_development()
    response = make_response(mail.mailbox_message(message_id).html)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _only_in_development() -> None:
    """In production mail goes to its readers, and nobody else reads it."""
    if settings.current().is_production:
        raise NotFound()
