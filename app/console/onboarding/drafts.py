"""Everything that changes a draft of the wizard, up to the moment the shop opens."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from app.console.onboarding import queries
from app.console.onboarding.models import WizardDraft, WizardFile
from app.console.onboarding.schemas import LARGEST_UPLOAD
from app.core import clock, db
from app.core.errors import InvalidInput
from app.core.i18n import mark

A_DRAFT_LASTS = timedelta(days=7)
TOO_LARGE = mark("This file is larger than {limit} MB; choose a smaller one.")


def begin(first_answers: dict[str, Any]) -> tuple[WizardDraft, str]:
    """A new draft, and the token that opens it: the browser keeps the token, we keep its hash."""
    token = secrets.token_urlsafe(32)
    draft = WizardDraft(token_hash=hash_of(token), answers=first_answers, expires_at=clock.now() + A_DRAFT_LASTS)
    db.catalogue.add(draft)
    db.catalogue.flush()
    return draft, token


def find(token: str | None) -> WizardDraft | None:
    """The draft behind a browser's token; None for a token that is wrong or over."""
    return queries.draft_by_hash(hash_of(token)) if token else None


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def remember(draft: WizardDraft, step: str, values: dict[str, str]) -> None:
    """Keep what was typed into a step, right or wrong, so that going back loses nothing."""
    draft.answers = {**draft.answers, step: values}
    draft.expires_at = clock.now() + A_DRAFT_LASTS
    db.catalogue.flush()


def keep_file(draft: WizardDraft, kind: str, filename: str, content: bytes) -> None:
    """Keep a file beside the answers; a second one of its kind replaces the first. Raises InvalidInput."""
    if len(content) > LARGEST_UPLOAD[kind]:
        raise InvalidInput({kind: TOO_LARGE.format(limit=LARGEST_UPLOAD[kind] // 1_000_000)})
    kept = queries.file_of(draft.id, kind)
    if kept is None:
        db.catalogue.add(WizardFile(draft_id=draft.id, kind=kind, filename=filename[:200], content=content))
    else:
        kept.filename, kept.content = filename[:200], content
    db.catalogue.flush()


def drop_file(draft: WizardDraft, kind: str) -> None:
    """Take a file back."""
    kept = queries.file_of(draft.id, kind)
    if kept is not None:
        db.catalogue.delete(kept)
        db.catalogue.flush()


def forget(draft: WizardDraft) -> None:
    """Delete a draft with its files."""
    db.catalogue.delete(draft)
    db.catalogue.flush()


def forget_expired() -> int:
    """Delete every draft that is over."""
    over = queries.expired_drafts(clock.now())
    for draft in over:
        db.catalogue.delete(draft)
    db.catalogue.flush()
    return len(over)
