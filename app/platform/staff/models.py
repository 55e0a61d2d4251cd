"""Tables: one account a person in the catalogue, one membership a shop, and invitations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, ids
from app.core.crypto import EncryptedText
from app.core.db import CatalogueModel, TenantModel, Timestamps, one_of, owned_by

ROLE_NAMES = ("owner", "manager", "catalogue", "fulfilment", "support", "analyst", "own")
LISTS = ("orders", "products", "customers")


class Account(CatalogueModel):
    """A person's credentials. The same person may work in several shops with one password."""

    __tablename__ = "account"
    is_audited = False

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    password_version: Mapped[int] = mapped_column(default=1)
    """Sessions carry the version they signed in with; a change of password ends all others, in every shop."""
    switch_mark: Mapped[str] = mapped_column(default="")
    """What the one valid ticket to another of their shops carries; using it empties this."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class AccountShop(CatalogueModel):
    """That an account works in a shop: read to find a person's other shops, never to decide what they may do."""

    __tablename__ = "account_shop"
    is_audited = False

    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)


class StaffRole(TenantModel, Timestamps):
    """A role that the shop made itself."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("tenant_id", "label"),)

    label: Mapped[str]
    description: Mapped[str]
    permissions: Mapped[list[str]]


class StaffMember(TenantModel, Timestamps):
    """A person who works in this shop, with the role that says what they may do."""

    __tablename__ = "staff_member"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id"),
        UniqueConstraint("tenant_id", "email"),
        one_of("role", ROLE_NAMES),
        owned_by("role_id", "staff_role"),
        Index("ix_staff_member_role_id", "tenant_id", "role_id"),
    )
    decides_access = True

    account_id: Mapped[UUID]
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    """A built-in role, or "own": one that the shop made itself, `role_id`."""
    role_id: Mapped[UUID | None]
    granted: Mapped[list[str]] = mapped_column(default=list)
    """What that own role may do, kept here so that a request finds it with the member; edited with the role."""
    entry_mark: Mapped[str] = mapped_column(default="")
    """What the one valid entry link carries; using the link empties it."""
    last_seen_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="")
    """What the back office speaks to them; empty: what their browser asks for."""
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    """Single keys act on the back office's pages; whoever dictates or types with difficulty switches them off."""
    has_factor: Mapped[bool] = mapped_column(default=False)
    """They have an authenticator app or a passkey, so a password alone no longer lets them in."""

    @property
    def is_owner(self) -> bool:
        """Owners may do everything, and a shop always has one."""
        return self.role == "owner"


class Invitation(TenantModel, Timestamps):
    """An invitation to work here that waits for its answer; it goes when accepted, withdrawn or replaced."""

    __tablename__ = "staff_invitation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "email"),
        owned_by("invited_by", "staff_member", ondelete="CASCADE"),
        Index("ix_staff_invitation_invited_by", "tenant_id", "invited_by"),
        owned_by("role_id", "staff_role"),
        Index("ix_staff_invitation_role_id", "tenant_id", "role_id"),
        one_of("role", ROLE_NAMES),
    )

    email: Mapped[str]
    role: Mapped[str]
    role_id: Mapped[UUID | None]
    invited_by: Mapped[UUID]
    expires_at: Mapped[datetime]

    @property
    def has_expired(self) -> bool:
        """The link no longer works; it can be sent again."""
        return self.expires_at <= clock.now()


class Authenticator(TenantModel):
    """An app that shows a new code each half minute (RFC 6238); it counts once its first code was typed."""

    __tablename__ = "staff_authenticator"
    __table_args__ = (
        UniqueConstraint("tenant_id", "staff_id"),
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
    )

    staff_id: Mapped[UUID]
    secret: Mapped[str | None] = mapped_column(EncryptedText("staff_authenticator", "secret"))
    next_secret: Mapped[str | None] = mapped_column(EncryptedText("staff_authenticator", "next_secret"))
    """Of the app that is being set up; it takes the place of `secret` with its first code."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute of the code that was used last: it and all before it are worth nothing."""
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Passkey(TenantModel):
    """A key pair in somebody's device, for one host of the shop; here stands the public half."""

    __tablename__ = "staff_passkey"
    __table_args__ = (
        UniqueConstraint("tenant_id", "credential_id"),
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
        Index("ix_staff_passkey_staff_id", "tenant_id", "staff_id"),
    )

    staff_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    """How often the device has signed, as it says; one that goes back is a copy. Synced passkeys stay at nought."""
    host: Mapped[str]
    title: Mapped[str]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecoveryCode(TenantModel):
    """A code on paper for the day when the phone is lost; the hash of it, since it was shown once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (
        UniqueConstraint("tenant_id", "staff_id", "code_hash"),
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
    )

    staff_id: Mapped[UUID]
    code_hash: Mapped[bytes]
    used_at: Mapped[datetime | None]


class SavedView(TenantModel, Timestamps):
    """A list with its filters and its order, kept under a name: for one person, or for the whole team."""

    __tablename__ = "saved_view"
    is_audited = False
    __table_args__ = (
        owned_by("staff_id", "staff_member", ondelete="CASCADE"),
        Index("ix_saved_view_list", "tenant_id", "list"),
        Index("ix_saved_view_staff_id", "tenant_id", "staff_id"),
        one_of("list", LISTS),
    )

    staff_id: Mapped[UUID | None]
    """Whose it is; nobody's is the team's."""
    list: Mapped[str]
    title: Mapped[str]
    query: Mapped[str]
    """The state of the list as it stands in the address behind the question mark."""

    @property
    def address(self) -> str:
        """Where the list stands in this state."""
        return f"/admin/{self.list}?{self.query}" if self.query else f"/admin/{self.list}"


class UndoStep(TenantModel):
    """How a change can be taken back for ten minutes by whoever made it."""

    __tablename__ = "undo_step"
    is_audited = False
    __table_args__ = (Index("ix_undo_step_created", "tenant_id", "created_at"),)

    staff_id: Mapped[UUID | None]
    action: Mapped[str]
    details: Mapped[dict[str, Any]]
    back_to: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
