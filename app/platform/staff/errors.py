"""Refusals of the staff room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class WrongSignIn(DomainError):
    """Unknown address, wrong password, or no membership here: all three sound the same."""

    code, status = "wrong_sign_in", 422
    message = mark("This e-mail and password do not go together.")


class WrongPassword(DomainError):
    """The current password, asked again before it is changed."""

    code, message, status = "wrong_password", mark("The current password is not right."), 422


class FactorIsAsked(DomainError):
    """The shop asks for a second factor, so the last one stays."""

    code, message = "factor_is_asked", mark("This shop asks for a second step: add another one before you remove this.")


class LinkIsOver(DomainError):
    """A link from a mail that was used, replaced or withdrawn, or is too old."""

    code, status = "link_is_over", 404
    message = mark("This link has been used or is too old. Please ask for a new one.")


class AlreadyHere(DomainError):
    """The invited person is a member already."""

    code, message = "already_here", mark("{email} already works here.")


class LastOwner(DomainError):
    """A shop that nobody may run could never be run again."""

    code, message = "last_owner", mark("A shop needs an owner: make somebody else an owner first.")


class MoreThanYouHold(DomainError):
    """Nobody grants a permission that they do not have."""

    code, status = "more_than_you_hold", 403
    message = mark("You cannot give somebody more than you may do yourself.")


class OnlyPeopleLoosen(DomainError):
    """A stolen key would otherwise open the door for a stolen password."""

    code, status = "only_people_loosen", 403
    message = mark("Programs make the rules for signing in stricter. Only people make them looser, in the back office.")


class RoleIsTaken(DomainError):
    """Two roles of one name could not be told apart."""

    code, message = "role_is_taken", mark("There is a role “{label}” already.")


class RoleIsUsed(DomainError):
    """People would be left without a role."""

    code, message = (
        "role_is_used",
        mark("Somebody has the role “{label}”, or is invited to it: give them another first."),
    )


class TooManyViews(DomainError):
    """A strip of tabs that nobody can read helps nobody."""

    code, message, status = "too_many_views", mark("This list has 30 views already: take one away first."), 422
