"""Refusals around imports."""

from app.core.errors import DomainError
from app.core.i18n import mark


class ImportStarted(DomainError):
    """The preview was confirmed before; a second click starts nothing."""

    code, message = "import_started", mark("This import has been started already.")


class OptionsDiffer(DomainError):
    """The product varies in other ways here than in the file; guessing would mix up its variants."""

    code = "options_differ"
    message = mark(
        "The product's options here ({here}) differ from the file's ({there}). Change them in the back office first."
    )
