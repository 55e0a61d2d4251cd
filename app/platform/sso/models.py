"""Tables: the provider that a shop trusts, and who is who there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.crypto import EncryptedText
from app.core.db import TenantModel, Timestamps, owned_by


class SignInProvider(TenantModel, Timestamps):
    """Where else this shop's staff may prove who they are. There is one a shop at most."""

    __tablename__ = "sso_provider"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    label: Mapped[str]
    """What people call it: it stands on the button."""
    issuer: Mapped[str]
    """Its name and address, compared letter by letter."""
    client_id: Mapped[str]
    client_secret: Mapped[str] = mapped_column(EncryptedText("sso_provider", "client_secret"))
    domains: Mapped[list[str]]
    """Whose mail addresses it may speak for; any, when there is none."""
    first_role: Mapped[str]
    """The name of the role that somebody gets who was not here before; empty: only known staff come in."""
    is_on: Mapped[bool]
    is_only_way: Mapped[bool]
    """Nobody but owners comes in otherwise."""
    tested_at: Mapped[datetime | None]


class SignInIdentity(TenantModel):
    """That a member of staff is this subject of that issuer. From the first time on it decides, and no mail address."""

    __tablename__ = "sso_identity"
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "subject"),
        UniqueConstraint("tenant_id", "staff_id", "issuer"),
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
        Index("ix_sso_identity_staff_id", "tenant_id", "staff_id"),
    )

    staff_id: Mapped[UUID]
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]
