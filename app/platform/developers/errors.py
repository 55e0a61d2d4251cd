"""Refusals of the developers room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class MadeByProgram(DomainError):
    """Keys of keys of keys would be a chain that nobody follows."""

    code, status = "made_by_program", 403
    message = mark("This key was made by a program, so it makes no further ones.")


class KeyIsOver(DomainError):
    """Revoking twice changes nothing, and says so."""

    code, message = "key_is_over", mark("This key has been revoked already.")
