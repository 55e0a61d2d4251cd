"""Table: the messages a shop has sent or will send."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import TenantModel, one_of

QUEUED, SENT, FAILED = "queued", "sent", "failed"


class OutgoingMessage(TenantModel):
    """One message to one person, as it was rendered; `key` lets its sender try again without sending twice."""

    __tablename__ = "outgoing_message"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ix_outgoing_message_recent", "tenant_id", "created_at"),
        one_of("status", (QUEUED, SENT, FAILED)),
    )

    key: Mapped[str]
    template: Mapped[str]
    to: Mapped[str]
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]
    status: Mapped[str] = mapped_column(default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
