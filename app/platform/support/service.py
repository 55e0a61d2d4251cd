"""Everything that changes visits."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, update

from app.core import audit, clock, db, ids, isolation, links, sessions
from app.core.access import Actor, system_actor
from app.core.errors import NotFound
from app.core.events import publish
from app.platform.support import queries
from app.platform.support.errors import SupportIsOver
from app.platform.support.events import SupportAsked
from app.platform.support.models import SupportRequest, SupportSession
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service

SHORTEST, LONGEST = 15, 60
_LINK_LASTS = 60
_WAITS = timedelta(days=1)
"""How long an owner may take to allow a visit."""


def ask(operator: Actor, reason: str, minutes: int, *, may_write: bool) -> SupportSession:
    """Announce a visit to the entered shop. It may begin at once, unless the shop wants an owner to allow it first."""
    assert operator.id is not None  # operators are people
    session: SupportSession = db.add(
        SupportSession(
            operator_id=operator.id, operator_name=operator.name, reason=reason.strip(),
            minutes=min(max(minutes, SHORTEST), LONGEST), may_write=may_write, ended_by="", ticket="",
        )
    )  # fmt: skip
    if not tenancy.current_shop().settings.get(queries.RULE):
        session.ends_at = clock.now() + timedelta(minutes=session.minutes)
    db.flush()
    audit.record(operator, "support.asked", session, reason=session.reason, minutes=session.minutes, writes=may_write)
    publish(SupportAsked(session_id=session.id))
    _show(session)
    return session


def allow(session_id: UUID, *, by: Actor) -> SupportSession:
    """An owner lets a visit begin; its time runs from now. Raises NotFound and SupportIsOver."""
    session = queries.lock(session_id)
    if not session.waits:
        raise SupportIsOver
    session.ends_at = clock.now() + timedelta(minutes=session.minutes)
    audit.record(by, "support.allowed", session)
    _show(session)
    return session


def end(session_id: UUID, *, by: Actor) -> SupportSession:
    """A visit is over from the next request on, whoever ends it. Raises NotFound."""
    session = queries.lock(session_id)
    if session.ended_at is None:
        session.ended_at, session.ended_by, session.ticket = clock.now(), by.name, ""
        audit.record(by, "support.ended", session)
        _show(session)
    return session


def close_those_over() -> None:
    """Write down the end of visits whose time is over, or that no owner allowed within a day."""
    now = clock.now()
    for session in queries.lock_over(now, now - _WAITS):
        session.ended_at, session.ended_by, session.ticket = session.ends_at or now, "", ""
        audit.record(system_actor(), "support.ended", session)
        sessions.end_all("staff", session.id)
        _show(session)


def set_rule(ask_first: bool, *, by: Actor) -> None:
    """Whether an owner must allow each visit first."""
    tenancy_service.keep_setting(queries.RULE, ask_first)
    audit.record(by, "support.rule_changed", isolation.tenant_id(), ask_first=ask_first)


def link_into(session_id: UUID, operator: Actor, browser: str) -> str:
    """A path of this shop that lets the operator in once, within a minute, in this browser alone.

    A newer link ends the older one. Raises NotFound and SupportIsOver.
    """
    session = queries.lock(session_id)
    if not session.is_running or session.operator_id != operator.id:
        raise SupportIsOver
    session.ticket = secrets.token_hex(16)
    signed = {"id": str(session.id), "mark": session.ticket, "browser": _print_of(browser)}
    return f"/admin/support/enter/{links.sign('support-enter', signed, _LINK_LASTS)}"


def use_link(token: str, browser: str) -> SupportSession:
    """The visit that a link begins; the link is used up. Raises SupportIsOver."""
    try:
        signed = links.unsign("support-enter", token)
        session = queries.lock(UUID(signed["id"]))
    except NotFound:
        raise SupportIsOver from None
    is_current = bool(session.ticket) and hmac.compare_digest(session.ticket, signed["mark"])
    if not is_current or not session.is_running or signed["browser"] != _print_of(browser):
        raise SupportIsOver
    session.ticket = ""
    db.flush()
    return session


def note_request(session_id: UUID, method: str, path: str) -> UUID:
    """Write a request down in a transaction of its own, before it is answered, so that none goes unseen."""
    identity = ids.new_id()
    row = {"tenant_id": isolation.tenant_id(), "id": identity, "session_id": session_id}
    row |= {"at": clock.now(), "method": method, "path": path[:1000]}
    _alone(insert(SupportRequest).values(row))
    return identity


def note_answer(request_id: UUID, status: int) -> None:
    """How it was answered."""
    mine = (SupportRequest.tenant_id == isolation.tenant_id(), SupportRequest.id == request_id)
    _alone(update(SupportRequest).where(*mine).values(status=status))


def _alone(statement: object) -> None:
    with db.db.engines[None].begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL app.tenant = '{isolation.tenant_id()}'")
        connection.execute(statement)  # type: ignore[call-overload]  # an insert or an update


def _show(session: SupportSession) -> None:
    """Let every page of the back office say that somebody is here; the shop's row is read by each of them anyway."""
    told = None
    if session.ended_at is None:
        until = session.ends_at.isoformat() if session.ends_at else ""
        told = {"id": str(session.id), "by": session.operator_name, "until": until, "writes": session.may_write}
    elif (tenancy.current_shop().settings.get(queries.HERE) or {}).get("id") != str(session.id):
        return  # another visit is shown by now
    tenancy_service.keep_setting(queries.HERE, told)


def _print_of(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
