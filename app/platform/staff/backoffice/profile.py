"""One's own profile."""

from flask import Response, url_for

from app.core import i18n
from app.core.access import current_actor, requires
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.core.web import accepts, done, page, redirect_to
from app.platform.staff import credentials, queries, service
from app.platform.staff.backoffice import sessions
from app.platform.staff.backoffice.door import door
from app.platform.staff.backoffice.entry import limit_attempts
from app.platform.staff.errors import WrongPassword
from app.platform.staff.schemas import ChangeLanguage, ChangeName, ChangePassword, Shortcuts


@door.get("/profile")
@requires("profile.write")
def profile() -> Response:
    """One's name, address, role and password."""
    member = sessions.current_member()
    return page("staff/backoffice/profile.html", member=member, role=queries.role_of(member), spoken=i18n.LANGUAGES)


@door.post("/profile/name")
@requires("profile.write")
@accepts(ChangeName, again=profile)
def change_name(form: ChangeName) -> Response:
    """Change the name that colleagues see."""
    member = sessions.current_member()
    service.rename(member.id, form.name, by=current_actor())
    return done(
        "staff/backoffice/_name.html", say=gettext("Your name is saved."), back_to=url_for(".profile"), member=member
    )


@door.post("/profile/shortcuts")
@requires("profile.write")
@accepts(Shortcuts)
def change_shortcuts(form: Shortcuts) -> Response:
    """Switch single keys on or off for oneself (WCAG 2.1.4)."""
    service.set_shortcuts(sessions.current_member().id, form.has_shortcuts, by=current_actor())
    say = gettext("Single keys act on pages.") if form.has_shortcuts else gettext("Single keys do nothing now.")
    return redirect_to(url_for(".profile"), say)


@door.post("/profile/language")
@requires("profile.write")
@accepts(ChangeLanguage, again=profile)
def change_language(form: ChangeLanguage) -> Response:
    """Change the language of one's own back office, from the next page on."""
    service.speak(sessions.current_member().id, form.language, by=current_actor())
    return redirect_to(url_for(".profile"))


@door.post("/profile/password")
@requires("profile.write")
@accepts(ChangePassword, again=profile)
def change_password(form: ChangePassword) -> Response:
    """Change the password; every other session ends, this one goes on."""
    member = sessions.current_member()
    limit_attempts(member.email)
    try:
        credentials.change_password(member, current=form.current, new=form.new)
    except WrongPassword as wrong:
        raise InvalidInput({"current": wrong.sentence}) from wrong
    sessions.begin_alone(member, *sessions.means())
    return redirect_to(url_for(".profile"), say=gettext("Your password is changed. Other browsers are signed out."))
