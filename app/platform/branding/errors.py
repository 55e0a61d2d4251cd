"""Refusals of the branding room."""

from app.core.errors import DomainError


class NothingToPublish(DomainError):
    """Nobody has changed anything since the last time."""

    code, message = "nothing_to_publish", "There is no draft to publish."


class AlreadyPublished(DomainError):
    """The version that visitors already see."""

    code, message = "already_published", "Version {number} is what visitors see already."
