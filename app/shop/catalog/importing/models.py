"""Imports and their rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps, one_of, owned_by


class ProductImport(TenantModel, Timestamps):
    """One file of products that a person uploaded, from its preview to its last row."""

    __tablename__ = "product_import"
    is_audited = False
    __table_args__ = (
        one_of("status", ("previewed", "queued", "running", "finished", "failed")),
        one_of("format", ("shopify", "own")),
        Index("ix_product_import_recent", "tenant_id", "created_at"),
    )
    filename: Mapped[str] = mapped_column(default="")
    format: Mapped[str]
    encoding: Mapped[str] = mapped_column(default="utf-8")
    status: Mapped[str] = mapped_column(default="previewed")
    notes: Mapped[list] = mapped_column(default=list)
    columns: Mapped[list] = mapped_column(default=list)
    total: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Has every row its outcome, or has the import given up?"""
        return self.status in {"finished", "failed"}

    @property
    def can_be_started(self) -> bool:
        """A preview waits for a person to say yes, once."""
        return self.status == "previewed"


class ImportRow(TenantModel):
    """One line of an imported file: what it said, what would happen, and what did."""

    __tablename__ = "import_row"
    is_audited = False
    __table_args__ = (
        owned_by("import_id", "product_import", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "import_id", "line"),
        one_of("verdict", ("create", "update", "unchanged", "error")),
        one_of("state", ("waiting", "created", "updated", "unchanged", "failed")),
        one_of("picture_state", ("none", "waiting", "stored", "failed")),
        Index("ix_import_row_state", "tenant_id", "import_id", "state"),
    )
    import_id: Mapped[UUID]
    line: Mapped[int]
    handle: Mapped[str] = mapped_column(default="")
    cells: Mapped[dict] = mapped_column(default=dict)
    verdict: Mapped[str] = mapped_column(default="create")
    state: Mapped[str] = mapped_column(default="waiting")
    problem: Mapped[str] = mapped_column(default="")
    warning: Mapped[str] = mapped_column(default="")
    product_id: Mapped[UUID | None]
    picture_state: Mapped[str] = mapped_column(default="none")
    picture_problem: Mapped[str] = mapped_column(default="")
