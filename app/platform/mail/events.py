"""Facts of the mail room."""

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact


@dataclass(frozen=True)
class MessageQueued(Fact, name="mail.message_queued", version=1):
    """A message was written and waits to be delivered."""

    message_id: UUID


@dataclass(frozen=True)
class UrgentMessageQueued(Fact, name="mail.urgent_message_queued", version=1, waits=False):
    """The same for a letter that people need to come in, which leaves in a suspended shop too."""

    message_id: UUID
