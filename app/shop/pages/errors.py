"""Refusals of the pages room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class PageHandleTaken(DomainError):
    """Two pages cannot share an address."""

    code, message = "page_handle_taken", mark("There is a page at /pages/{handle} already.")
