"""Who sits at this browser: asked once a request, so that a removal or a new role acts on the next one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g, request, session

from app import settings
from app.core import access, clock, lifecycle, login, reader
from app.core.access import Actor
from app.core.errors import NotSignedIn
from app.core.text import is_local_path
from app.platform.staff import hooks, policy, queries
from app.platform.staff.models import StaffMember

_VERSION, _MEANS, _PROVEN = "password_version", "means", "proven_at"
WAITS = timedelta(minutes=10)
"""How long a second step may take after the first."""
FRESH = timedelta(minutes=10)
"""How long a proof is good for doors that are dangerous."""


def begin(member: StaffMember, *means: str) -> bool:
    """Sign a member in to this browser, under a fresh session, by what they have proven: "password" if nothing is said.

    False when that is not enough: then nobody acts in this session until the second step is done or a factor is made.
    """
    account = queries.account_by_id(member.account_id)
    proven = means or ("password",)
    hooks.refuse_but_elsewhere(member.is_owner, proven)
    enough = policy.is_enough(member, proven)
    login.sign_in("staff", member.id)
    lasts = policy.current().session_lasts if enough else WAITS
    session.lasts(lasts, device=request.user_agent.string[:300], address=login.remote_address())  # type: ignore[attr-defined]  # RowSession
    session[_VERSION] = account.password_version if account else 0
    session[_MEANS], session[_PROVEN] = list(proven), int(clock.now().timestamp())
    g.staff_waits = None if enough else member
    access.become(queries.actor_of(member) if enough else access.ANONYMOUS)
    return enough


def begin_alone(member: StaffMember, *means: str) -> bool:
    """The same, and end all their other sessions: the password or a factor has changed."""
    enough = begin(member, *means)
    login.sign_out_everywhere("staff", member.id)
    return enough


def load(staff_id: UUID) -> Actor | None:
    """The member as an actor; None when they left, a second step is missing, or the session is over.

    It is over when the password changed since it began, and when nobody used it for as long as the shop says.
    """
    member = queries.staff_by_id(staff_id)
    g.staff_choices = _choices_of(member) if member else None
    if member is None and hooks.visitors:
        return hooks.visitors[0](staff_id)
    account = queries.account_by_id(member.account_id) if member else None
    if member is None or account is None or session.get(_VERSION) != account.password_version or _is_idle():
        return None
    if not policy.is_enough(member, means()):
        g.staff_waits = member
        return None
    session.touch()  # type: ignore[attr-defined]  # RowSession
    return queries.actor_of(member)


def means() -> tuple[str, ...]:
    """What was proven in this session."""
    return tuple(session.get(_MEANS, ("password",)))


def waiting() -> StaffMember | None:
    """Who has done the first step here and has to do a second one, or to make a factor first."""
    access.current_actor()
    found: StaffMember | None = g.get("staff_waits")
    return found


def is_proof_fresh() -> bool:
    """Did whoever acts prove who they are a moment ago?"""
    return clock.now().timestamp() - session.get(_PROVEN, 0) <= FRESH.total_seconds()


def proven_again() -> None:
    """Whoever is signed in has just shown once more who they are."""
    session[_PROVEN] = int(clock.now().timestamp())


def host() -> str:
    """The host that a passkey belongs to: the one in the address, which is this shop's."""
    return request.host.partition(":")[0].lower()


def origin() -> str:
    """What a browser signs as the place where it was asked."""
    return settings.current().public_origin(host())


def user_agent() -> str:
    """What the browser calls itself."""
    return request.user_agent.string


def this_one() -> UUID | None:
    """The session of this request."""
    found: UUID | None = session.id  # type: ignore[attr-defined]  # RowSession
    return found


def _is_idle() -> bool:
    minutes, seen = policy.current().idle_minutes, session.seen_at  # type: ignore[attr-defined]  # RowSession
    return bool(minutes and seen and clock.now() - seen > timedelta(minutes=minutes))


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
    access.proofs_are_fresh_by("staff", is_proof_fresh)
    lifecycle.sign_in_pages["staff"] = "staff_backoffice.sign_in"
    lifecycle.proof_pages["staff"] = "staff_backoffice.prove"
