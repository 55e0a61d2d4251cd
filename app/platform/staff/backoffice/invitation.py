"""Answering an invitation."""

from flask import Response

from app.core.access import public
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.core.web import accepts, page
from app.platform.staff import queries, service
from app.platform.staff.backoffice import admitting
from app.platform.staff.backoffice.door import door
from app.platform.staff.backoffice.entry import limit_attempts
from app.platform.staff.errors import WrongPassword
from app.platform.staff.schemas import Accept, password_problem


@door.get("/invitation/<token>")
@public
def invitation(token: str) -> Response:
    """Who invited, to what, and the form that accepts."""
    invited = service.invitation_of(token)
    return page(
        "staff/backoffice/invitation.html",
        invitation=invited,
        role=queries.role_of(invited),
        inviter=queries.staff_by_id(invited.invited_by),
        has_password=queries.has_password(invited.email),
        token=token,
    )


@door.post("/invitation/<token>")
@public
@accepts(Accept, again=invitation)
def accept(form: Accept, token: str) -> Response:
    """Join the shop and come in. An existing account proves itself by its password."""
    invited = service.invitation_of(token)
    limit_attempts(invited.email)
    problem = None if queries.has_password(invited.email) else password_problem(form.password, invited.email)
    if problem:
        raise InvalidInput({"password": problem})
    try:
        member = service.accept(token, name=form.name, password=form.password)
    except WrongPassword as wrong:
        raise InvalidInput({"password": wrong.sentence}) from wrong
    return admitting.admit(member, "password", say=gettext("Welcome, %(name)s.", name=member.name))
