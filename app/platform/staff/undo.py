"""Taking a change back: for ten minutes, by whoever made it.

A room names an action once with `can_be_undone` and says with `remember` what the way back needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app.core import access, clock, db
from app.core.access import Actor
from app.core.errors import Forbidden, NotFound
from app.platform.staff import queries
from app.platform.staff.models import UndoStep

LASTS = timedelta(minutes=10)
Back = Callable[[dict[str, Any], Actor], str]


@dataclass(frozen=True)
class Undoable:
    """The way back from an action, and what somebody must be allowed to do to go it."""

    permission: str
    go_back: Back


_known: dict[str, Undoable] = {}


def can_be_undone(action: str, *, permission: str) -> Callable[[Back], Back]:
    """Name an action that can be taken back; the function gets its details and returns the sentence to say."""

    def register(go_back: Back) -> Back:
        _known[action] = Undoable(permission, go_back)
        return go_back

    return register


def remember(action: str, details: dict[str, Any], back_to: str, *, by: Actor) -> str:
    """Note how to go back, in the transaction of the change; the address of the button's form.

    Steps that nobody can take back any more go at the same time.
    """
    db.session.execute(delete(UndoStep).where(UndoStep.created_at < clock.now() - LASTS))
    step = db.add(UndoStep(staff_id=by.id, action=action, details=details, back_to=back_to))
    return f"/admin/undo/{step.id}"


def undo(step_id: UUID, *, by: Actor) -> tuple[str, str]:
    """Go back once: the sentence to say and the address to return to. Raises NotFound when it is too late."""
    step = queries.lock_step(step_id, by.id, clock.now() - LASTS)
    known = _known.get(step.action)
    if known is None:
        raise NotFound
    if not access.may(known.permission):
        raise Forbidden
    db.delete(step)
    return known.go_back(step.details, by), step.back_to
