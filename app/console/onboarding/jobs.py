"""Background work of onboarding."""

from app.console.onboarding import drafts
from app.core import db
from app.core.jobs import every


@every("17 3 * * *")
def forget_expired_drafts() -> None:
    """A shop that was never finished leaves nothing behind."""
    drafts.forget_expired()
    db.checkpoint()
