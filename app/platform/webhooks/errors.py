"""Refusals of the webhooks room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class AddressTaken(DomainError):
    """One address, one endpoint: a program that is told twice does things twice."""

    code, message = "webhook_address_taken", mark("There is an endpoint with this address already.")


class TooManyEndpoints(DomainError):
    """Each fact becomes one delivery per endpoint."""

    code, message = "too_many_webhooks", mark("There are {most} endpoints already. Remove one first.")


class NothingToSend(DomainError):
    """A replay that found no fact."""

    code, message = "nothing_to_send", mark("Nothing that this endpoint is told happened in that time.")


class StillWaiting(DomainError):
    """Redelivering what has not been delivered yet."""

    code, message = "delivery_still_waiting", mark("This delivery is still waiting; it is not sent twice at once.")
