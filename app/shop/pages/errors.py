"""Refusals of the pages room."""

from app.core.errors import DomainError


class PageHandleTaken(DomainError):
    """Two pages cannot share an address."""

    code, message = "page_handle_taken", "There is a page at /pages/{handle} already."
