"""What programs send and read of keys, sites and their own log."""

from datetime import datetime
from typing import Annotated

import msgspec

from app.core.rest import Logged


class KeysWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which keys."""


class KeyOut(msgspec.Struct):
    """A key; its `secret` stands only in the answer that made it."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    state: str
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    secret: str | None = None


class OriginOut(msgspec.Struct):
    """A site whose pages may call the API."""

    id: str
    origin: str


class RequestsWanted(Logged, forbid_unknown_fields=True, kw_only=True):
    """Which requests."""

    program_id: Annotated[str, msgspec.Meta(max_length=90)] = ""
    only_refused: bool = False


class ApiRequestOut(msgspec.Struct):
    """One request of a program, as its developer looks for it afterwards."""

    id: str
    at: datetime
    program_id: str
    program: str
    method: str
    path: str
    status: int
    code: str
    milliseconds: int
