"""Table: keys for programs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.db import TenantModel, Timestamps


class ApiKey(TenantModel, Timestamps):
    """A program's key. Only its hash is kept: it is shown once, when it is made."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key_hash"),
        Index("ix_api_key_made_by", "tenant_id", "made_by"),
    )

    name: Mapped[str]
    prefix: Mapped[str]
    """The first characters of the key, by which people tell keys apart."""
    key_hash: Mapped[bytes]
    scopes: Mapped[list[str]]
    made_by: Mapped[UUID]
    """The member of staff whose permissions the key borrows; it stops when they leave."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "active"
