"""Refusals of the oauth room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class ScopesBeyondYours(DomainError):
    """A program never holds more than the person who gives."""

    code, status = "scopes_beyond_yours", 403
    message = mark("You cannot give a program more than you may do yourself.")


class AppIsOver(DomainError):
    """Removing twice changes nothing, and says so."""

    code, message = "app_is_over", mark("This app has been removed already.")


class AloneNeedsPerson(DomainError):
    """It would outlive the program that registered it, and nobody would have to agree."""

    code, status = "alone_needs_person", 403
    message = mark("An app that acts alone is registered by a person. Make a key, which ends with yours.")


class NothingToAllow(DomainError):
    """The person holds nothing of what the app asked for."""

    code, status = "nothing_to_allow", 403
    message = mark("This app asks for nothing that your account may do.")
