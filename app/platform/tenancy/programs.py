"""What programs read of the shop's addresses and its plan."""

from datetime import datetime

import msgspec


class DomainOut(msgspec.Struct):
    """An address at which the shop answers; `is_own` says that it is below the platform's and always there."""

    host: str
    is_own: bool
    is_primary: bool
    verified_at: datetime | None


class UseOut(msgspec.Struct):
    """How much of one limit is used; `limit` is null where there is none. Storage is in bytes."""

    name: str
    used: int
    limit: int | None


class PlanOut(msgspec.Struct):
    """What the shop may have, and has. `api_rate` is in requests a minute."""

    name: str
    api_rate: int | None
    uses: list[UseOut]
