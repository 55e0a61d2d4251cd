"""Tables of large writes: what was asked, and what became of each operation. Kept for a week."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, db
from app.core.crypto import EncryptedText
from app.core.db import TenantModel, TenantRow, one_of, owned_by
from app.core.errors import NotFound

KEPT = timedelta(days=7)


class ApiBatch(TenantModel):
    """One large write of a program."""

    __tablename__ = "api_batch"
    is_audited = False
    __table_args__ = (
        one_of("state", ("waiting", "running", "finished")),
        Index("ix_api_batch_at", "tenant_id", "created_at"),
    )

    program_id: Mapped[uuid.UUID]
    program: Mapped[str]
    """How the program is found when its work is done (core/bearers.py, `recalled`)."""
    resource: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class ApiBatchRow(TenantRow):
    """One operation, and its answer once there is one (`status` is 0 before). Encrypted: it may be about people."""

    __tablename__ = "api_batch_row"
    is_audited = False
    __table_args__ = (owned_by("batch_id", "api_batch", ondelete="CASCADE"),)

    batch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(EncryptedText("api_batch_row", "operation"))
    status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(EncryptedText("api_batch_row", "answer"), default="")


def batch_of(program: uuid.UUID | None, resource: str, batch_id: uuid.UUID) -> ApiBatch:
    """A program's own batch. Raises NotFound."""
    mine = ApiBatch.program_id == program, ApiBatch.resource == resource
    found = db.session.scalars(select(ApiBatch).where(ApiBatch.id == batch_id, *mine)).first()
    if found is None:
        raise NotFound
    return found


def lock(batch_id: uuid.UUID) -> ApiBatch | None:
    """A batch for working on it; None when it was removed."""
    wanted = select(ApiBatch).where(ApiBatch.id == batch_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).first()


def waiting_rows(batch_id: uuid.UUID, first: int, most: int) -> Sequence[ApiBatchRow]:
    """The next operations in their order, for doing them."""
    wanted = select(ApiBatchRow).where(ApiBatchRow.batch_id == batch_id, ApiBatchRow.place >= first)
    return db.session.scalars(wanted.order_by(ApiBatchRow.place).limit(most)).all()


def answered_rows(batch_id: uuid.UUID, first: int, before: int, most: int) -> Sequence[ApiBatchRow]:
    """Operations with an answer, in their order, from a place on."""
    here = ApiBatchRow.batch_id == batch_id, ApiBatchRow.place >= first, ApiBatchRow.place < before
    return db.session.scalars(select(ApiBatchRow).where(*here).order_by(ApiBatchRow.place).limit(most)).all()


def remove_old() -> None:
    """Forget batches after a week, with their rows."""
    db.session.execute(delete(ApiBatch).where(ApiBatch.created_at < clock.now() - KEPT))
