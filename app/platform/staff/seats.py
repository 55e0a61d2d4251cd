"""Where somebody is signed in: their sessions, told in words, and ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import audit, ids, sessions
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.core.i18n import gettext
from app.platform.staff import queries
from app.platform.staff.events import StaffCameOnNewDevice
from app.platform.staff.granting import refuse_more_than_held
from app.platform.staff.models import StaffMember

_BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "SamsungBrowser": "Samsung",
    "CriOS": "Chrome", "Chrome": "Chrome", "HeadlessChrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """One session as people see it."""

    id: UUID
    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def seats_of(staff_id: UUID, this: UUID | None = None) -> Sequence[Seat]:
    """Where a member of this shop is signed in, the latest first."""
    found = []
    for row in sessions.of_subject("staff", staff_id):
        told = (device_of(row.device or ""), row.address or "", row.created_at, row.seen_at or row.created_at)
        found.append(Seat(row.id, *told, row.id == this))
    return found


def end_own(member: StaffMember, session_id: UUID, *, by: Actor) -> None:
    """End one of somebody's sessions, from its next request on. Raises NotFound."""
    if not sessions.end_one("staff", member.id, session_id):
        raise NotFound
    audit.record(by, "staff.session_ended", member)


def end_others(member: StaffMember, but: UUID | None, *, by: Actor) -> None:
    """End all of somebody's sessions in this shop but one."""
    sessions.end_others("staff", member.id, but)
    audit.record(by, "staff.sessions_ended", member)


def end_all_of(staff_id: UUID, *, by: Actor) -> StaffMember:
    """End all sessions of a colleague. Raises NotFound, and MoreThanYouHold for somebody who may more than `by`."""
    member = queries.staff_or_404(staff_id)
    refuse_more_than_held(queries.permissions_of(member), by)
    sessions.end_all("staff", member.id)
    audit.record(by, "staff.sessions_ended", member, email=member.email)
    return member


def end_one_of(staff_id: UUID, session_id: UUID, *, by: Actor) -> None:
    """End one session of a colleague. Raises NotFound, MoreThanYouHold."""
    member = queries.staff_or_404(staff_id)
    refuse_more_than_held(queries.permissions_of(member), by)
    end_own(member, session_id, by=by)


def new_device(member: StaffMember, user_agent: str, address: str) -> None:
    """Have somebody told by mail that they came in with a browser that was not seen before."""
    told = {"device": device_of(user_agent), "address": address}
    publish(StaffCameOnNewDevice(coming=ids.new_id(), staff_id=member.id, **told))


def device_of(user_agent: str) -> str:
    """A browser and its system in two words, such as "Firefox, Linux"."""
    names = [
        next((name for word, name in known.items() if re.search(rf"\b{word}", user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or gettext("Another program")
