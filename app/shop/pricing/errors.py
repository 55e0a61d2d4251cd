"""Refusals of the pricing room."""

from app.core.errors import DomainError


class RateStandsAlready(DomainError):
    """One country, one rate."""

    code, message = "tax_rate_stands_already", "{country} has a rate already; change that one."
