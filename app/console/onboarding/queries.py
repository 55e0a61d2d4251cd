"""Everything that reads the wizard's drafts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.console.onboarding.models import WizardDraft, WizardFile
from app.core import clock, db


def draft_by_hash(token_hash: str) -> WizardDraft | None:
    """The draft that this token opens, unless it is over."""
    return db.catalogue.scalar(
        select(WizardDraft).where(WizardDraft.token_hash == token_hash, WizardDraft.expires_at > clock.now())
    )


def lock_draft(draft_id: UUID) -> WizardDraft | None:
    """A draft, locked, so that a second click on "open the shop" waits for the first."""
    return db.catalogue.scalar(
        select(WizardDraft)
        .where(WizardDraft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def file_of(draft_id: UUID, kind: str) -> WizardFile | None:
    """A file that was given to the draft."""
    return db.catalogue.get(WizardFile, (draft_id, kind))


def expired_drafts(moment: datetime) -> Sequence[WizardDraft]:
    """Drafts that nobody can open any more."""
    return db.catalogue.scalars(select(WizardDraft).where(WizardDraft.expires_at <= moment)).all()
