"""Refusals of the staff room."""

from app.core.errors import DomainError


class WrongSignIn(DomainError):
    """Unknown address, wrong password, or no membership here: all three sound the same."""

    code, status = "wrong_sign_in", 422
    message = "This e-mail and password do not go together."


class WrongPassword(DomainError):
    """The current password, asked again before it is changed."""

    code, message, status = "wrong_password", "The current password is not right.", 422


class LinkIsOver(DomainError):
    """A link from a mail that was used, replaced or withdrawn, or is too old."""

    code, status = "link_is_over", 404
    message = "This link has been used or is too old. Please ask for a new one."


class AlreadyHere(DomainError):
    """The invited person is a member already."""

    code, message = "already_here", "{email} already works here."


class LastOwner(DomainError):
    """A shop that nobody may run could never be run again."""

    code, message = "last_owner", "A shop needs an owner: make somebody else an owner first."


class MoreThanYouHold(DomainError):
    """Nobody grants a permission that they do not have."""

    code, status = "more_than_you_hold", 403
    message = "You cannot give somebody more than you may do yourself."
