"""What the payments room takes and hands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta


@dataclass(frozen=True)
class OfferedMethod:
    """A way to pay as the checkout shows it."""

    code: str
    title: str
    instructions: str
    pays_later: bool


@dataclass(frozen=True)
class NewPayment:
    """What is to be paid for which order; amount in minor units."""

    order_id: UUID
    amount: int
    currency: str
    gateway: str
    description: str
    return_path: str
    """Path on the shop's own host, with `{token}` where the payment's signed name belongs."""

    email: str = ""


@dataclass(frozen=True)
class Started:
    """A payment that its gateway knows. Without a redirect the buyer pays later."""

    payment_id: UUID
    redirect_url: str | None


class SettingValue(msgspec.Struct, forbid_unknown_fields=True):
    """One of a gateway's own settings."""

    name: Annotated[str, Meta(max_length=60)]
    value: Annotated[str, Meta(max_length=4000)] = ""


class WriteMethod(msgspec.Struct, forbid_unknown_fields=True):
    """A way to pay as staff set it up. An empty secret keeps the stored one."""

    title: Annotated[str, Meta(min_length=1, max_length=80)]
    instructions: Annotated[str, Meta(max_length=2000)] = ""
    is_enabled: bool = False
    secret: Annotated[str, Meta(max_length=400)] = ""
    settings: list[SettingValue] = []
