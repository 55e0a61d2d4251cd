"""Where a shop delivers, and for how much."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps, owned_by

EVERYWHERE = "*"


class ShippingZone(TenantModel, Timestamps):
    """Countries that share their delivery rates. A country that is named wins over the rest of the world."""

    __tablename__ = "shipping_zone"
    __table_args__ = (Index("ix_shipping_zone_position", "tenant_id", "position"),)
    name: Mapped[str]
    countries: Mapped[list]
    """Codes of two letters, or ["*"] for every country that no other zone names."""

    position: Mapped[int] = mapped_column(default=0)

    @property
    def is_rest_of_world(self) -> bool:
        """Whether this zone takes what no other zone names."""
        return EVERYWHERE in self.countries


class ShippingRate(TenantModel, Timestamps):
    """One way of delivery into one zone. A provider turns its settings into a price."""

    __tablename__ = "shipping_rate"
    __table_args__ = (
        owned_by("zone_id", "shipping_zone", ondelete="CASCADE"),
        Index("ix_shipping_rate_zone", "tenant_id", "zone_id", "position"),
    )
    zone_id: Mapped[UUID]
    name: Mapped[str]
    provider: Mapped[str]
    """Code of the ShippingProvider that prices it."""

    settings: Mapped[dict]
    """What the provider asked for, checked by it: amounts in minor units, weights in grams."""

    delivery_time: Mapped[str] = mapped_column(default="")
    """Shown as written: "2 to 4 working days"."""

    is_enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
