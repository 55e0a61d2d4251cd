"""Whoever opened a shop proves that the address is theirs."""

from flask import Response

from app.core import login
from app.core.access import public
from app.core.i18n import gettext
from app.core.web import accepts, page
from app.platform.staff import joining, queries
from app.platform.staff.backoffice import admitting
from app.platform.staff.backoffice.door import door
from app.platform.staff.backoffice.entry import limit_attempts
from app.platform.staff.schemas import ProveAddress


@door.get("/enter/address/<token>")
@public
def confirm_address(token: str) -> Response:
    """Ask for the button: programs that look through mail open links."""
    member = joining.member_of(token)
    known = queries.has_password(member.email)
    return page("staff/backoffice/confirm_address.html", member=member, has_password=known, token=token)


@door.post("/enter/address/<token>")
@public
@accepts(ProveAddress, again=confirm_address)
def prove_address(form: ProveAddress, token: str) -> Response:
    """It is theirs; they are in."""
    limit_attempts(joining.member_of(token).email)
    member = joining.prove(token, form.password)
    login.sign_out_everywhere("staff", member.id)
    return admitting.admit(member, "letter", say=gettext("Your address is confirmed."))
