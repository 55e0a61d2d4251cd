"""The tax rates of a shop."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps
from app.shop.pricing.schemas import percent_text


class TaxRate(TenantModel, Timestamps):
    """The tax that buyers in one country pay on goods and on their delivery."""

    __tablename__ = "tax_rate"
    __table_args__ = (
        UniqueConstraint("tenant_id", "country"),
        CheckConstraint("rate >= 0 and rate <= 100000", name="tax_rate_between_nothing_and_all"),
    )
    country: Mapped[str]
    """Two capital letters, ISO 3166-1."""

    name: Mapped[str]
    """What stands on the bill: VAT, MwSt, TVA, Sales tax."""

    rate: Mapped[int]
    """In thousandths of a percent: 23000 is 23 %, 8875 is 8.875 %."""

    taxes_delivery: Mapped[bool] = mapped_column(default=True)

    @property
    def percent(self) -> str:
        """The rate as people write it: "23", "8.1"."""
        return percent_text(self.rate)
