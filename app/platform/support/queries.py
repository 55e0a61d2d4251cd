"""Everything that reads visits, and what they may do."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.core import access, db, keyset
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.keyset import Order, Slice
from app.platform.staff import queries as staff
from app.platform.staff.models import StaffMember
from app.platform.support.models import SupportRequest, SupportSession
from app.platform.support.programs import VisitsWanted

PAGE = 100
RULE, HERE = "support_asks_first", "support_here"
"""Settings of the shop: whether an owner allows each visit, and the visit that the back office shows on every page."""
_SECRET_ROOMS = ("developers.", "oauth.", "sso.", "webhooks.", "payments.", "profile.", "support.")
_NEVER = frozenset({"staff.write", "settings.close", "customers.erase"})


def permissions_for(session: SupportSession) -> frozenset[str]:
    """What a visitor may: see, and with `may_write` also change.

    Never keys, ways to sign in, payment settings or who works here, and no data leaves as a file.
    """
    return frozenset(one for one in access.catalogue_of_permissions() if _is_allowed(one, session.may_write))


def _is_allowed(permission: str, may_write: bool) -> bool:
    if permission.startswith(_SECRET_ROOMS) or permission in _NEVER or permission.endswith(".export"):
        return False
    return may_write or permission.endswith(".read")


def actor_of(session_id: UUID) -> Actor | None:
    """The operator of a visit that is running; None when it is over. One read a request, so an end acts at once."""
    session = find(session_id)
    if session is None or not session.is_running:
        return None
    return Actor("operator", session.operator_id, session.operator_name, permissions_for(session))


def find(session_id: UUID) -> SupportSession | None:
    """A visit of this shop."""
    wanted = select(SupportSession).where(SupportSession.id == session_id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).first()


def find_or_404(session_id: UUID) -> SupportSession:
    """The same; raises NotFound."""
    found = find(session_id)
    if found is None:
        raise NotFound
    return found


def lock(session_id: UUID) -> SupportSession:
    """The same, locked, but not against the log of its requests, which another transaction writes meanwhile."""
    wanted = select(SupportSession).where(SupportSession.id == session_id).with_for_update(key_share=True)
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def lock_over(now: datetime, waited_since: datetime) -> Sequence[SupportSession]:
    """Visits whose time is over, and those that nobody answered since then; locked, without those in other hands."""
    unanswered = and_(SupportSession.ends_at.is_(None), SupportSession.asked_at < waited_since)
    wanted = select(SupportSession).where(
        SupportSession.ended_at.is_(None), or_(SupportSession.ends_at <= now, unanswered)
    )
    return db.session.scalars(wanted.with_for_update(skip_locked=True, key_share=True)).all()


def sessions(most: int = PAGE) -> Sequence[SupportSession]:
    """The latest visits first."""
    wanted = select(SupportSession).order_by(SupportSession.asked_at.desc(), SupportSession.id.desc())
    return db.session.scalars(wanted.limit(most)).all()


def listed(asked: VisitsWanted) -> Slice[SupportSession]:
    """The same for programs, piece by piece."""
    return keyset.dated(db.session, select(SupportSession), asked, SupportSession.asked_at, SupportSession.id)


def requests_of(session_id: UUID, cursor: str = "", size: int = PAGE) -> Slice[SupportRequest]:
    """What was asked for in a visit, the latest first."""
    wanted = select(SupportRequest).where(SupportRequest.session_id == session_id)
    return keyset.fetch(db.session, wanted, Order(SupportRequest.at, SupportRequest.id), cursor, size)


def owners() -> list[StaffMember]:
    """Who is told of a visit."""
    return [member for member in staff.all_staff() if member.is_owner]
