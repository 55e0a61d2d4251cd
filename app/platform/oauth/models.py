"""Tables: apps, what people agreed to, codes, refresh tokens, tokens taken back, and signing keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, ids
from app.core.crypto import EncryptedText
from app.core.db import TenantModel, Timestamps, owned_by

CLIENT_PREFIX = "app"


class OAuthClient(TenantModel, Timestamps):
    """A program of somebody else that may ask for access: an app, as people call it."""

    __tablename__ = "oauth_client"
    decides_access = True

    name: Mapped[str]
    is_public: Mapped[bool]
    """Runs where it can keep no secret, such as a browser or a phone."""
    secret_hash: Mapped[bytes | None]
    redirect_uris: Mapped[list[str]]
    """Where people may be sent back to; compared letter by letter."""
    scopes: Mapped[list[str]]
    """The most that it may ask for."""
    acts_alone: Mapped[bool]
    """May get tokens in its own name (client credentials), within what its maker may do."""
    made_by: Mapped[UUID]
    is_own: Mapped[bool] = mapped_column(default=False)
    """Our own page that tries the API out, which every shop has; people do not see it among their apps."""
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def client_id(self) -> str:
        """What programs call it."""
        return ids.to_public(CLIENT_PREFIX, self.id)

    @property
    def is_active(self) -> bool:
        """Not removed."""
        return self.revoked_at is None


class OAuthGrant(TenantModel):
    """That a person agreed to what an app asked for. All codes and tokens of one consent are its family."""

    __tablename__ = "oauth_grant"
    __table_args__ = (
        owned_by("client_id", "oauth_client", ondelete="CASCADE"),
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
        Index("ix_oauth_grant_client_id", "tenant_id", "client_id"),
        Index("ix_oauth_grant_staff_id", "tenant_id", "staff_id"),
    )
    decides_access = True

    client_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(default="")
    """by_person, by_app, reused_code, reused_token; empty while it stands."""


class OAuthCode(TenantModel):
    """An authorization code: works once, for a minute."""

    __tablename__ = "oauth_code"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "code_hash"),
        owned_by("grant_id", "oauth_grant", ondelete="CASCADE"),
        Index("ix_oauth_code_grant_id", "tenant_id", "grant_id"),
        Index("ix_oauth_code_expiry", "tenant_id", "expires_at"),
    )

    code_hash: Mapped[bytes]
    grant_id: Mapped[UUID]
    redirect_uri: Mapped[str]
    challenge: Mapped[str]
    nonce: Mapped[str]
    auth_time: Mapped[int]
    """When the person signed in, in Unix seconds."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OAuthRefresh(TenantModel):
    """A refresh token, by its hash: used once, then followed by another of the same family."""

    __tablename__ = "oauth_refresh"
    is_audited = False
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        owned_by("grant_id", "oauth_grant", ondelete="CASCADE"),
        Index("ix_oauth_refresh_grant_id", "tenant_id", "grant_id"),
        Index("ix_oauth_refresh_expiry", "tenant_id", "expires_at"),
    )

    token_hash: Mapped[bytes]
    grant_id: Mapped[UUID]
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OAuthRevoked(TenantModel):
    """An access token that was taken back before its end; the id is its jti."""

    __tablename__ = "oauth_revoked"
    is_audited = False
    __table_args__ = (Index("ix_oauth_revoked_expiry", "tenant_id", "expires_at"),)
    decides_access = True

    expires_at: Mapped[datetime]


class OAuthKey(TenantModel):
    """A signing key; the newest one signs, those retired a short while ago are still published."""

    __tablename__ = "oauth_key"

    private: Mapped[str] = mapped_column(EncryptedText("oauth_key", "private"))
    public: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None]
