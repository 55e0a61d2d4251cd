"""The words of the interface in the reader's language. English is the source; the keys are the English sentences."""

from __future__ import annotations


def gettext(message: str, **values: object) -> str:
    """A sentence in the reader's language, with its `%(name)s` filled in."""
    return message % values if values else message


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The same for a number of things; `%(num)s` is the number."""
    return (one if n == 1 else many) % {"num": n, **values}


def mark(message: str) -> str:
    """Say that a sentence is to be translated where it is shown, not here (class attributes, cards)."""
    return message
