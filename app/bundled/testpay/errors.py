"""Refusals of the pretended bank."""

from app.pluginapi import DomainError, mark


class SessionDecided(DomainError):
    """A payment is decided once."""

    code, message = "testpay_session_decided", mark("This payment is finished already. Go back to the shop.")
