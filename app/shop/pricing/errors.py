"""Refusals of the pricing room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class RateStandsAlready(DomainError):
    """One country, one rate."""

    code, message = "tax_rate_stands_already", mark("{country} has a rate already; change that one.")


class NoStandardRate(DomainError):
    """We keep standard rates of many countries, not of all."""

    code, message, status = (
        "no_standard_rate",
        mark("Write the percentage: we know no standard rate for {country}."),
        422,
    )
