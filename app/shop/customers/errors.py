"""Refusals of the customers room."""

from app.core.errors import DomainError


class WrongCredentials(DomainError):
    """Said for an unknown address, a guest and a wrong password alike."""

    code, status = "wrong_credentials", 422
    message = "The e-mail address or the password is not right."


class WrongPassword(DomainError):
    """The current password is asked again before it is changed."""

    code, status = "wrong_password", 422
    message = "Your current password is not right."


class LinkUsedUp(DomainError):
    """A password link works once; a second click finds the password already chosen."""

    code, status = "link_used_up", 410
    message = "This link was used already or is too old. Ask for a new one."


class AddressTaken(DomainError):
    """Said only to somebody who proved that the address is theirs."""

    code, status = "address_taken", 409
    message = "Another account here already uses this e-mail address. Sign in with it instead."
