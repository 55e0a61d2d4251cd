"""The table of translated texts."""

from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps


class Translation(TenantModel, Timestamps):
    """One text of one thing in one further language of the shop."""

    __tablename__ = "translation"
    visitors_see = True
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "object_id", "language", "field"),)

    kind: Mapped[str] = mapped_column(String(20))
    """What it belongs to, as its room calls it: "product", "collection", "page", "menu", "section"."""

    object_id: Mapped[UUID] = mapped_column()
    language: Mapped[str] = mapped_column(String(8))
    field: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column()
