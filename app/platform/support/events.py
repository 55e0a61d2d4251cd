"""Facts of the room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact


@dataclass(frozen=True)
class SupportAsked(Fact, name="support.asked", version=1):
    """The operator announced a visit; owners are told by mail."""

    session_id: UUID
