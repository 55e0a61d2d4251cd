"""Tables: the versions of a shop's brand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps, one_of

STATES = ("draft", "published", "superseded")


class BrandVersion(TenantModel, Timestamps):
    """One state of the brand. The draft changes until it is published; after that a version never changes."""

    __tablename__ = "brand_version"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        one_of("status", STATES),
        Index("ix_brand_version_hash", "tenant_id", "hash"),
        Index("uq_brand_draft", "tenant_id", unique=True, postgresql_where=text("status = 'draft'")),
        Index("uq_brand_published", "tenant_id", unique=True, postgresql_where=text("status = 'published'")),
    )
    number: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column(String(20), default="draft")
    tokens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    css: Mapped[str] = mapped_column(default="")
    hash: Mapped[str] = mapped_column(String(64), default="")
    logo_colours: Mapped[list[Any]] = mapped_column(default=list)
    home: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The home page of this version as the room that owns it wrote it; empty where it is as it was before."""

    undo: Mapped[list[Any]] = mapped_column(default=list)
    """What the draft was before each change, the latest last; empty once it is published."""

    publish_at: Mapped[datetime | None] = mapped_column(default=None)
    publish_by: Mapped[str] = mapped_column(String(200), default="")
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[str] = mapped_column(String(200), default="")

    @property
    def is_published(self) -> bool:
        """Is this what visitors see?"""
        return self.status == "published"
