"""Tables of the home room: figures of past days, kept so that nobody adds up a year of orders for a page."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantRow


class SalesDay(TenantRow):
    """What one day of the shop's calendar brought. It may be thrown away at any time: it is counted again from orders.

    A row counts only for the time zone that it was counted in, and only while it is not stale.
    """

    __tablename__ = "sales_day"
    is_audited = False

    day: Mapped[date] = mapped_column(primary_key=True)
    timezone: Mapped[str] = mapped_column(default="")
    orders: Mapped[int] = mapped_column(default=0)
    net: Mapped[int] = mapped_column(default=0)
    """Minor units of the shop's currency: totals of orders that stand, less what went back."""

    bags: Mapped[int] = mapped_column(default=0)
    """Bags that somebody put a first piece into. Old bags are deleted after two months, their number stays."""

    is_stale: Mapped[bool] = mapped_column(default=True)


class ProductDay(TenantRow):
    """What one variant brought on one day."""

    __tablename__ = "product_day"
    is_audited = False
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "day"], ["sales_day.tenant_id", "sales_day.day"], ondelete="CASCADE"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    amount: Mapped[int]
