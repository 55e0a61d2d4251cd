"""Tables: visits of the operator, and every request of theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import TenantModel, owned_by


class SupportSession(TenantModel):
    """One visit: asked for, allowed (by the shop's rule, or by an owner), used until it ends."""

    __tablename__ = "support_session"
    __table_args__ = (Index("ix_support_session_recent", "tenant_id", "asked_at", "id"),)

    operator_id: Mapped[UUID]
    operator_name: Mapped[str]
    reason: Mapped[str]
    minutes: Mapped[int]
    may_write: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    ends_at: Mapped[datetime | None]
    """Nothing while it waits for an owner's answer."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    ticket: Mapped[str] = mapped_column(default="")
    """What the one valid link into the back office carries; using it empties this."""

    @property
    def waits(self) -> bool:
        """For an owner's answer."""
        return self.ends_at is None and self.ended_at is None

    @property
    def is_running(self) -> bool:
        """It lets somebody in at this moment."""
        return self.ends_at is not None and self.ended_at is None and self.ends_at > clock.now()


class SupportRequest(TenantModel):
    """One request of a visit, written before it is answered."""

    __tablename__ = "support_request"
    is_audited = False
    __table_args__ = (
        owned_by("session_id", "support_session", ondelete="CASCADE"),
        Index("ix_support_request_session", "tenant_id", "session_id", "at", "id"),
    )

    session_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    method: Mapped[str]
    path: Mapped[str]
    status: Mapped[int | None]
    """Nothing when the answer never left."""
