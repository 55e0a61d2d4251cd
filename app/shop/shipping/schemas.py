"""What other rooms and templates learn of delivery."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class RateQuote:
    """One way of delivery with its price for this basket, in minor units of the shop's currency."""

    id: UUID
    name: str
    amount: int
    days: str
    """Delivery time as the shop wrote it; may be empty."""
