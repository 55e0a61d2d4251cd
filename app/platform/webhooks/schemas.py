"""One schema a form, and what the API shows."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from app.core.i18n import gettext
from app.core.rest import Logged

Line = Annotated[str, msgspec.Meta(max_length=200)]
FactName = Annotated[str, msgspec.Meta(max_length=100)]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class EndpointForm(msgspec.Struct, forbid_unknown_fields=True):
    """Where to send, and what."""

    url: Address
    description: Line = ""
    facts: list[FactName] = []

    def problems(self) -> dict[str, str]:
        """An endpoint that is told nothing helps nobody."""
        return {} if self.facts else {"facts": gettext("Choose at least one thing to be told.")}


class ReplayForm(msgspec.Struct, forbid_unknown_fields=True):
    """A time window (UTC), or everything that ever happened."""

    since: datetime | None = None
    until: datetime | None = None

    def problems(self) -> dict[str, str]:
        """A window has a beginning, and ends after it."""
        if self.until is not None and (self.since is None or self.until <= self.since):
            return {"until": gettext("The end must be after the beginning.")}
        return {}


class DeliveryFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which deliveries to show."""

    state: Literal["", "waiting", "delivered", "failed"] = ""
    cursor: str = ""


class DeliveriesWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which deliveries of an endpoint a program lists."""

    state: Literal["", "waiting", "delivered", "failed"] = ""


class EndpointOut(msgspec.Struct):
    """An endpoint as the API shows it; `secret` only in the answer that made it."""

    id: str
    url: str
    description: str
    facts: list[str]
    state: str
    paused_because: str
    failing_since: datetime | None
    last_success_at: datetime | None
    created_at: datetime
    updated_at: datetime
    secret: str | None = None


class DeliveryOut(msgspec.Struct):
    """A delivery as the API shows it."""

    id: str
    event_id: str
    endpoint_id: str
    type: str
    state: str
    occasion: str
    attempts: int
    last_status: int | None
    next_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class Told(msgspec.Struct):
    """What an endpoint receives."""

    type: str
    version: int
    timestamp: datetime
    data: dict[str, Any]


class Queued(msgspec.Struct):
    """How many deliveries a replay made."""

    queued: int
