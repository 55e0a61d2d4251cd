"""Changing tax rates."""

from __future__ import annotations

from uuid import UUID

from app.core import audit, db
from app.core.access import Actor
from app.platform.tenancy import hooks as tenancy_hooks
from app.platform.tenancy.schemas import NewTenant
from app.shop.pricing import queries
from app.shop.pricing.errors import NoStandardRate, RateStandsAlready
from app.shop.pricing.models import TaxRate
from app.shop.pricing.schemas import Taxation


def set_tax_rate(country: str, taxation: Taxation, *, by: Actor) -> TaxRate:
    """Tax a country by this rate from now on. Orders that are placed keep the tax they were placed with."""
    rate = queries.tax_rate_of(country) or db.add(TaxRate(country=country))
    rate.name, rate.rate, rate.taxes_delivery = taxation.name, taxation.rate, taxation.taxes_delivery
    db.flush()
    audit.record(by, "tax_rate.set", rate, country=country, rate=taxation.rate)
    return rate


def add_tax_rate(country: str, taxation: Taxation, *, by: Actor) -> TaxRate:
    """Add a country; refuses one that has a rate. Raises RateStandsAlready."""
    if queries.tax_rate_of(country):
        raise RateStandsAlready(country=country)
    return set_tax_rate(country, taxation, by=by)


def standard_taxation(country: str) -> Taxation:
    """The standard rate of a country. Raises NoStandardRate."""
    standard = queries.standard_rates().get(country)
    if standard is None:
        raise NoStandardRate(country=country)
    return standard


def change_tax_rate(rate_id: UUID, taxation: Taxation, *, by: Actor) -> TaxRate:
    """Tax a country differently from now on. Raises NotFound."""
    return set_tax_rate(queries.lock_tax_rate(rate_id).country, taxation, by=by)


def remove_tax_rate(rate_id: UUID, *, by: Actor) -> None:
    """Tax a country no longer. Raises NotFound."""
    rate = queries.lock_tax_rate(rate_id)
    audit.record(by, "tax_rate.removed", rate, country=rate.country)
    db.delete(rate)


def open_with_standard_rate(new: NewTenant) -> None:
    """Give a new shop the standard rate of its own country, where one is known."""
    country = new.country
    standard = queries.standard_rates().get(country)
    if standard and standard.rate and not queries.tax_rate_of(country):
        db.add(TaxRate(country=country, name=standard.name, rate=standard.rate))
        db.flush()


tenancy_hooks.on_open.append(open_with_standard_rate)
