"""Refusals of the developers room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class KeyIsOver(DomainError):
    """Revoking twice changes nothing, and says so."""

    code, message = "key_is_over", mark("This key has been revoked already.")
