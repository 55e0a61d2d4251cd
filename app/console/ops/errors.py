"""Refusals of the ops room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class WrongSignIn(DomainError):
    """Unknown address or wrong password: both sound the same."""

    code, status = "wrong_sign_in", 422
    message = mark("This e-mail and password do not go together.")
