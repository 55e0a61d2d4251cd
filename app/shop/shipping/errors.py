"""Refusals of the shipping room."""

from app.core.errors import DomainError


class CountryStandsElsewhere(DomainError):
    """A country belongs to one zone."""

    code, message = "country_stands_elsewhere", "{country} stands in the zone {zone} already."


class ProviderNotInstalled(DomainError):
    """The plugin that priced this rate is gone."""

    code, message, status = "provider_not_installed", "Nothing installed here prices by “{provider}”.", 422
