"""What the operator's forms hold."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who is there."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    next: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Suspend(msgspec.Struct, forbid_unknown_fields=True):
    """Why a tenant is suspended: its staff read it, its visitors do not."""

    because: Annotated[str, msgspec.Meta(min_length=3, max_length=300)]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """A form that is only a button."""


Reason = Annotated[str, msgspec.Meta(max_length=500)]
"""Read by the audit trail (core/audit.py)."""
Limit = Annotated[int, msgspec.Meta(ge=0, le=10**15)]


class Find(msgspec.Struct, forbid_unknown_fields=True):
    """Which tenants the list shows, and in what order."""

    q: Annotated[str, msgspec.Meta(max_length=100)] = ""
    state: Literal["", "opening", "open", "suspended", "closed"] = ""
    health: Literal["", "good", "watch", "bad"] = ""
    plan: Annotated[str, msgspec.Meta(max_length=40)] = ""
    sort: Literal["address", "newest", "oldest"] = "address"
    cursor: Annotated[str, msgspec.Meta(max_length=500)] = ""


class SavePlan(msgspec.Struct, forbid_unknown_fields=True):
    """A plan; a field that stays empty is no limit."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    products: Limit | None = None
    staff: Limit | None = None
    orders_month: Limit | None = None
    storage_mb: Limit | None = None
    api_rate: Limit | None = None
    is_default: bool = False
    reason: Reason = ""


class Assign(msgspec.Struct, forbid_unknown_fields=True):
    """Which plan a tenant has; none: the default one."""

    plan: UUID | None = None
    reason: Reason = ""


class AskSupport(msgspec.Struct, forbid_unknown_fields=True):
    """Why somebody wants into a tenant's back office, for how long, and whether to change things."""

    because: Annotated[str, msgspec.Meta(min_length=3, max_length=500)]
    minutes: Annotated[int, msgspec.Meta(ge=15, le=60)] = 30
    may_write: bool = False


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """Whether every operator needs a second step."""

    second_step: bool = False
