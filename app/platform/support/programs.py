"""What programs read of visits."""

from datetime import datetime

import msgspec


class VisitOut(msgspec.Struct):
    """A visit of the platform's operator: who, why, for how long, and whether they may change anything."""

    id: str
    by: str
    reason: str
    state: str
    minutes: int
    may_write: bool
    asked_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    ended_by: str


class VisitRequestOut(msgspec.Struct):
    """One request of a visit; `status` is null when its answer never left."""

    at: datetime
    method: str
    path: str
    status: int | None
