"""Refusals of the pretended bank."""

from app.pluginapi import DomainError


class SessionDecided(DomainError):
    """A payment is decided once."""

    code, message = "testpay_session_decided", "This payment is finished already. Go back to the shop."
