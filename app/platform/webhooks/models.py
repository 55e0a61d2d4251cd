"""Tables: where a shop's facts are sent, what is to be sent, and how each attempt went."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.crypto import EncryptedText
from app.core.db import TenantModel, Timestamps, one_of, owned_by

ACTIVE, PAUSED = "active", "paused"
WAITING, SENDING, DELIVERED, FAILED = "waiting", "sending", "delivered", "failed"
BY_HAND, FAILING, GONE = "by_hand", "failing", "gone"
NEWS, TEST, AGAIN, REPLAY, BACKFILL = "news", "test", "again", "replay", "backfill"
UNFINISHED = text("state in ('waiting', 'sending')")
IS_WAITING, IS_SENDING = text("state = 'waiting'"), text("state = 'sending'")


class WebhookEndpoint(TenantModel, Timestamps):
    """An address of another program, and which facts it is told."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        UniqueConstraint("tenant_id", "url"),
        one_of("state", (ACTIVE, PAUSED)),
        one_of("paused_because", ("", BY_HAND, FAILING, GONE)),
    )

    url: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    facts: Mapped[list[str]]
    """Names of facts."""
    state: Mapped[str] = mapped_column(default=ACTIVE)
    paused_because: Mapped[str] = mapped_column(default="")
    secret: Mapped[str] = mapped_column(EncryptedText("webhook_endpoint", "secret"))
    old_secret: Mapped[str | None] = mapped_column(EncryptedText("webhook_endpoint", "old_secret"))
    """The secret before the last change; deliveries are signed with both until `old_secret_until`."""
    old_secret_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    """The first failure since the last success."""
    last_success_at: Mapped[datetime | None]

    @property
    def host(self) -> str:
        """What people call it by."""
        return urlsplit(self.url).netloc


class WebhookDelivery(TenantModel):
    """One fact for one endpoint. Of those about the same thing, the next waits until this one is finished."""

    __tablename__ = "webhook_delivery"
    is_audited = False
    __table_args__ = (
        owned_by("endpoint_id", "webhook_endpoint", ondelete="CASCADE"),
        one_of("state", (WAITING, SENDING, DELIVERED, FAILED)),
        one_of("occasion", (NEWS, TEST, AGAIN, REPLAY, BACKFILL)),
        Index(
            "ix_webhook_delivery_unfinished", "tenant_id", "endpoint_id", "aggregate", "number",
            postgresql_where=UNFINISHED,
        ),
        Index("ix_webhook_delivery_due", "tenant_id", "endpoint_id", "number", postgresql_where=IS_WAITING),
        Index("ix_webhook_delivery_leased", "lease_until", postgresql_where=IS_SENDING),
        Index("ix_webhook_delivery_recent", "tenant_id", "endpoint_id", "created_at", "id"),
        Index("ix_webhook_delivery_old", "tenant_id", "created_at"),
    )  # fmt: skip

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    """The fact in the event log, or an id of its own for a test. Receivers tell repetitions by it."""
    name: Mapped[str]
    version: Mapped[int]
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    aggregate: Mapped[str]
    """What the fact is about: deliveries with the same value keep their order."""
    occasion: Mapped[str] = mapped_column(default=NEWS)
    state: Mapped[str] = mapped_column(default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    last_status: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class WebhookAttempt(TenantModel):
    """One request and its answer, cut to what a person reads."""

    __tablename__ = "webhook_attempt"
    is_audited = False
    __table_args__ = (
        owned_by("delivery_id", "webhook_delivery", ondelete="CASCADE"),
        Index("ix_webhook_attempt_delivery", "tenant_id", "delivery_id", "at"),
    )

    delivery_id: Mapped[UUID]
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    """HTTP status; empty when there was no answer."""
    error: Mapped[str] = mapped_column(default="")
    request_headers: Mapped[dict[str, str]] = mapped_column(default=dict)
    answer_headers: Mapped[dict[str, str]] = mapped_column(default=dict)
    answer_body: Mapped[str] = mapped_column(default="")
