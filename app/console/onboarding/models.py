"""Tables: what somebody in the wizard has answered so far."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, ids
from app.core.db import CatalogueModel


class WizardDraft(CatalogueModel):
    """A shop that somebody is setting up. Only the browser that began it holds the token behind the hash."""

    __tablename__ = "wizard_draft"
    is_audited = False
    __table_args__ = (Index("ix_wizard_draft_expiry", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tenant_id: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]


class WizardFile(CatalogueModel):
    """A file given to the wizard: the logo, the first product's picture, or a list of products."""

    __tablename__ = "wizard_file"
    is_audited = False

    draft_id: Mapped[UUID] = mapped_column(ForeignKey(WizardDraft.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes]
