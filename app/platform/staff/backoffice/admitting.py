"""The one way in: by what somebody has proven, or on to what is still asked of them."""

import hashlib

from flask import Response, g, request, url_for

from app.core import links, login
from app.core.errors import NotFound
from app.core.text import normalise_email
from app.core.web import read_cookie, redirect_to, set_cookie
from app.platform.staff import seats, service
from app.platform.staff.backoffice import sessions
from app.platform.staff.models import StaffMember

_COOKIE, _A_YEAR = "known", 365 * 24 * 3600
_MOST = 5


def admit(member: StaffMember, *means: str, wanted: str = "", say: str = "") -> Response:
    """Sign somebody in by what they have proven and send them on; or to the second step, or to make a factor first.

    `means` are of password, link, letter, ticket, app, recovery, passkey and sso.
    """
    wanted = sessions.safe_next(wanted)
    if not sessions.begin(member, *means):
        return redirect_to(next_step(wanted), say)
    arrive(member)
    return redirect_to(wanted, say)


def arrive(member: StaffMember) -> None:
    """Note that somebody is in, and have them told if this browser is new to them."""
    known, mark = _known_here(), _mark_of(member.email)
    if mark not in known:
        if member.last_seen_at is not None:
            seats.new_device(member, request.user_agent.string, login.remote_address())
        set_cookie(_COOKIE, links.sign("staff-device", {"of": [mark, *known][:_MOST]}, _A_YEAR), _A_YEAR)
    service.seen(member)


def next_step(wanted: str) -> str:
    """Where somebody goes who has done the first step only."""
    member: StaffMember = g.staff_waits
    step = "staff_backoffice.second_step" if member.has_factor else "staff_backoffice.set_up"
    return url_for(step, next=wanted if wanted != "/admin" else None)


def count_of(email: str) -> str:
    """Under what attempts to sign in are counted: the address, and for a browser that was in with it before, it alone.

    Strangers who try passwords lock themselves out, and not the person who works here (OWASP calls it device cookies).
    """
    email = normalise_email(email)
    return f"{email}:{read_cookie(_COOKIE)}" if _mark_of(email) in _known_here() else email


def _known_here() -> list[str]:
    try:
        found: list[str] = links.unsign("staff-device", read_cookie(_COOKIE) or "")["of"]
    except NotFound:
        return []
    return found


def _mark_of(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:32]
