"""Facts of the mail room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact


@dataclass(frozen=True)
class MessageQueued(Fact, name="mail.message_queued", version=1):
    """A message was written and waits to be delivered."""

    message_id: UUID
