"""A forgotten password: ask for a letter, follow its link, choose a new one."""

from flask import Response, url_for

from app.core import login
from app.core.access import public
from app.core.i18n import gettext
from app.core.text import normalise_email
from app.core.web import accepts, page, redirect_to
from app.platform.staff import credentials
from app.platform.staff.backoffice import admitting
from app.platform.staff.backoffice.door import door
from app.platform.staff.schemas import AskForReset, NewPassword

AN_HOUR = 60 * 60
LETTERS_PER_ACCOUNT = 4
LETTERS_PER_ADDRESS = 20


@door.get("/forgotten-password")
@public
def forgotten() -> Response:
    """Ask for the letter."""
    return page("staff/backoffice/forgotten.html")


@door.post("/forgotten-password")
@public
@accepts(AskForReset, again=forgotten)
def ask(form: AskForReset) -> Response:
    """The same answer whether the address works here or not."""
    login.rate_limit("staff-letter", normalise_email(form.email), LETTERS_PER_ACCOUNT, AN_HOUR)
    login.rate_limit("staff-letter-address", login.remote_address(), LETTERS_PER_ADDRESS, AN_HOUR)
    credentials.ask_for_reset(form.email)
    return redirect_to(url_for(".letter_sent"))


@door.get("/forgotten-password/sent")
@public
def letter_sent() -> Response:
    """Look into your mail."""
    return page("staff/backoffice/letter_sent.html")


@door.get("/reset-password/<token>")
@public
def reset(token: str) -> Response:
    """Choose a new password."""
    member = credentials.member_of_reset(token)
    return page("staff/backoffice/reset.html", member=member, token=token)


@door.post("/reset-password/<token>")
@public
@accepts(NewPassword, again=reset)
def set_new_password(form: NewPassword, token: str) -> Response:
    """Store the new password, end every other session, and come in."""
    member = credentials.reset_password(token, form.password)
    login.sign_out_everywhere("staff", member.id)
    return admitting.admit(member, "letter", say=gettext("Your password is changed."))
