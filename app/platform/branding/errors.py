"""Refusals of the branding room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class NothingToPublish(DomainError):
    """Nobody has changed anything since the last time."""

    code, message = "nothing_to_publish", mark("There is no draft to publish.")


class AlreadyPublished(DomainError):
    """The version that visitors already see."""

    code, message = "already_published", mark("Version {number} is what visitors see already.")


class NothingToUndo(DomainError):
    """The draft is as it was when it was begun."""

    code, message = "nothing_to_undo", mark("There is no change left to undo.")


class NotInTheFuture(DomainError):
    """A time to publish that has passed already, or one in many years."""

    code, message = "not_in_the_future", mark("Choose a time between now and a year from now.")
