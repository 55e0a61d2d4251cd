"""What other rooms and templates learn of delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class RateQuote:
    """One way of delivery with its price for this basket, in minor units of the shop's currency."""

    id: UUID
    name: str
    amount: int
    days: str
    """Delivery time as the shop wrote it; may be empty."""


@dataclass(frozen=True)
class NewRate:
    """One way of delivery as staff describe it; `settings` is read by its provider."""

    name: str
    provider: str
    settings: dict[str, Any] = field(default_factory=dict)
    delivery_time: str = ""
    is_enabled: bool = True


@dataclass(frozen=True)
class DeliveryZone:
    """Countries and their rates as one value, as tenant packs keep them."""

    name: str
    countries: tuple[str, ...]
    rates: tuple[NewRate, ...] = ()
