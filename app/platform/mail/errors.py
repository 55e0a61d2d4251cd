"""Refusals of the mail room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class MailWaits(DomainError):
    """It has not left yet, so it will leave once anyway."""

    code, message = "mail_waits", mark("This letter waits to be sent already.")


class NotAnAddress(DomainError):
    """Nothing can be sent there; a line break in it would be an attempt to add headers."""

    code, message, status = "not_an_address", mark("{to} is not an e-mail address."), 422
