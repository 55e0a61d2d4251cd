"""Refusals of the shipping room."""

from app.core.errors import DomainError
from app.core.i18n import mark


class CountryStandsElsewhere(DomainError):
    """A country belongs to one zone."""

    code, message = "country_stands_elsewhere", mark("{country} stands in the zone {zone} already.")


class ProviderNotInstalled(DomainError):
    """The plugin that priced this rate is gone."""

    code, message, status = "provider_not_installed", mark("Nothing installed here prices by “{provider}”."), 422


class UnknownCountry(DomainError):
    """A name that is no country in the shop's language, in English, or as a code."""

    code, message, status = (
        "unknown_country",
        mark("“{name}” is no country that we know; try its code of two letters."),
        422,
    )
