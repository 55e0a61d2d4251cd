"""Refusals of the developers room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class ScopesBeyondYours(DomainError):
    """A key never holds more than the person who makes it."""

    code, status = "scopes_beyond_yours", 403
    message = mark("You cannot give a key more than you may do yourself.")


class KeyIsOver(DomainError):
    """Revoking twice changes nothing, and says so."""

    code, message = "key_is_over", mark("This key has been revoked already.")
