"""Refusals of the room."""

from app.core.errors import DomainError, Forbidden
from app.core.i18n import mark


class SupportIsOver(DomainError):
    """The visit has ended, waits, or its link was used or belongs to another browser."""

    code, status = "support_is_over", 403
    message = mark("This way in is not open: the visit has ended, is not allowed yet, or its link was used already.")


class SupportOnlyReads(Forbidden):
    """A visit that may only look tried to change something."""

    code, message = "support_only_reads", mark("This visit may only look. Ask for one that may change things.")
