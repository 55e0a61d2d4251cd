"""Who sits at this browser: asked once a request, so that a removal or a new role acts on the next one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, session

from app.core import access, lifecycle, login, reader
from app.core.access import Actor
from app.core.errors import NotSignedIn
from app.core.text import is_local_path
from app.platform.staff import queries
from app.platform.staff.models import StaffMember

_VERSION = "password_version"


def begin(member: StaffMember) -> None:
    """Sign a member in to this browser, under a fresh session."""
    account = queries.account_by_id(member.account_id)
    login.sign_in("staff", member.id)
    session[_VERSION] = account.password_version if account else 0
    access.become(queries.actor_of(member))


def begin_alone(member: StaffMember) -> None:
    """Sign a member in here and end all their other sessions: the password has changed."""
    begin(member)
    login.sign_out_everywhere("staff", member.id)


def load(staff_id: UUID) -> Actor | None:
    """The member as an actor; None when they left or the password changed since this session began."""
    member = queries.staff_by_id(staff_id)
    g.staff_choices = _choices_of(member) if member else None
    account = queries.account_by_id(member.account_id) if member else None
    if member is None or account is None or session.get(_VERSION) != account.password_version:
        return None
    return queries.actor_of(member)


def current_member() -> StaffMember:
    """The row of whoever is signed in; only for views that staff alone may call."""
    actor = access.current_actor()
    member = queries.staff_by_id(actor.id) if actor.kind == "staff" and actor.id else None
    if member is None:
        raise NotSignedIn
    return member


@dataclass(frozen=True)
class Choices:
    """What a member chose for their own back office, as plain values: they outlive a rollback."""

    staff_id: UUID
    language: str
    has_shortcuts: bool


def chosen_language() -> str:
    """The language of whoever is signed in here; empty when they left it to their browser, or nobody is."""
    choices = choices_here()
    return choices.language if choices else ""


def has_shortcuts() -> bool:
    """Do single keys act on pages for whoever is signed in here?"""
    choices = choices_here()
    return choices is None or choices.has_shortcuts


def choices_here() -> Choices | None:
    """What was read already to find out who acts in this request; None for everybody but staff."""
    actor = access.current_actor()
    if actor.kind != "staff" or actor.id is None:
        return None
    known: Choices | None = g.get("staff_choices")
    if known is not None and known.staff_id == actor.id:
        return known
    member = queries.staff_by_id(actor.id)
    return _choices_of(member) if member else None


def _choices_of(member: StaffMember) -> Choices:
    return Choices(member.id, member.language, member.has_shortcuts)


def safe_next(wanted: str | None) -> str:
    """Where to go after coming in: a page of this host's back office, never a stranger's."""
    return wanted if wanted and is_local_path(wanted) and wanted.startswith("/admin") else "/admin"


def register(app: Any) -> None:
    """Let the core ask this room who is signed in, and where to sign in."""
    access.actor_loader("staff", load)
    reader.staff_prefer(chosen_language)
    lifecycle.sign_in_pages["staff"] = "staff_backoffice.sign_in"
