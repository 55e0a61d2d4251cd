"""What programs read of visits."""

from datetime import datetime

import msgspec

from app.core.rest import Logged


class VisitsWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which visits of the operator."""


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
