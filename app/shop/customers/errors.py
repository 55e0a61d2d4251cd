"""Refusals of the customers room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class WrongCredentials(DomainError):
    """Said for an unknown address, a guest and a wrong password alike."""

    code, status = "wrong_credentials", 422
    message = mark("The e-mail address or the password is not right.")


class WrongPassword(DomainError):
    """The current password is asked again before it is changed."""

    code, status = "wrong_password", 422
    message = mark("Your current password is not right.")


class LinkUsedUp(DomainError):
    """A password link works once; a second click finds the password already chosen."""

    code, status = "link_used_up", 410
    message = mark("This link was used already or is too old. Ask for a new one.")


class AddressTaken(DomainError):
    """Said only to somebody who proved that the address is theirs."""

    code, status = "address_taken", 409
    message = mark("Another account here already uses this e-mail address. Sign in with it instead.")


class NotThisCustomer(DomainError):
    """Whoever is erased is named twice, so that it is nobody else."""

    code, status = "not_this_customer", 422
    message = mark("This is not the customer's e-mail address.")


class OrdersUnderWay(DomainError):
    """An order that is still to be paid or sent needs its buyer."""

    code, message = "orders_under_way", mark("An order of this customer is not done yet. Complete or cancel it first.")


class CustomerExists(DomainError):
    """One e-mail address, one customer."""

    code, message = "customer_exists", mark("There is a customer with this e-mail address already.")
