"""What the payments room takes and hands out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


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
