"""What programs ask and read of letters. What stands in a letter is never told: it may hold links that sign in."""

from datetime import datetime
from typing import Literal

import msgspec

from app.core.rest import Logged

State = Literal["", "queued", "sent", "failed"]


class MessagesWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which letters."""

    status: State = ""
    to: str = ""


class MessageOut(msgspec.Struct):
    """A letter of the shop, by its envelope."""

    id: str
    to: str
    subject: str
    template: str
    status: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
