"""Table: keys for programs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import TenantModel, Timestamps


class ApiKey(TenantModel, Timestamps):
    """A program's key. Only its hash is kept: it is shown once, when it is made."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key_hash"),
        Index("ix_api_key_made_by", "tenant_id", "made_by"),
    )
    decides_access = True

    name: Mapped[str]
    prefix: Mapped[str]
    """The first characters of the key, by which people tell keys apart."""
    key_hash: Mapped[bytes]
    scopes: Mapped[list[str]]
    made_by: Mapped[UUID]
    """The member of staff whose permissions the key borrows; it stops when they leave."""
    made_through: Mapped[str] = mapped_column(default="")
    """By which key or consent a program made it, with which it stops; empty where a person did."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def state(self) -> str:
        """active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "active"


class ApiRequest(TenantModel):
    """One request of a program to the API, as its developer looks for it afterwards. Kept for a week."""

    __tablename__ = "api_request"
    is_audited = False
    __table_args__ = (
        Index("ix_api_request_recent", "tenant_id", "at", "id"),
        Index("ix_api_request_program", "tenant_id", "program_id", "at", "id"),
    )

    at: Mapped[datetime]
    program_id: Mapped[UUID]
    """A key or an app."""
    program: Mapped[str]
    """Its name at the time."""
    method: Mapped[str]
    path: Mapped[str]
    """Without the query: it may hold what somebody searched for."""
    status: Mapped[int]
    milliseconds: Mapped[int]
    code: Mapped[str]
    """Why it was refused, as the answer said; empty when it was not."""
