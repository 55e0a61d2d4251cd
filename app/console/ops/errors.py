"""Refusals of the ops room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class WrongSignIn(DomainError):
    """Unknown address or wrong password: both sound the same."""

    code, status = "wrong_sign_in", 422
    message = mark("This e-mail and password do not go together.")


class ConsoleAsks(DomainError):
    """The console asks for a second factor, so the last one stays."""

    code = "console_asks"
    message = mark("The console asks for a second step: add another one before you remove this.")


class NoSuchOperator(DomainError):
    """A command named somebody who is no operator."""

    code, message, status = "no_such_operator", mark("{email} is no operator of this installation."), 404
