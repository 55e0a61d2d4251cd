"""Reading tax rates and adding up baskets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from app.core import db
from app.core.errors import NotFound
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.queries import variants_by_ids
from app.shop.catalog.schemas import SellableVariant
from app.shop.pricing.models import TaxRate
from app.shop.pricing.schemas import Basket, Line, Taxation, Totals, add_up

# What CLDR lists among territories and nobody lives or buys in.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AQ", "BV", "HM"}
_STANDARD_RATES = Path(__file__).with_name("standard_rates.toml")


def quote(
    lines: Sequence[Line],
    country: str,
    shipping_amount: int = 0,
    variants: Mapping[UUID, SellableVariant] | None = None,
) -> Totals:
    """What these lines cost delivered to a country.

    Prices come from the catalogue and nowhere else: `variants` are what it told the caller in this transaction. A
    variant that is gone adds nothing, which callers refuse beforehand. Amounts are in minor units of the shop's money.
    """
    shop = current_shop()
    if variants is None:
        variants = variants_by_ids([line.variant_id for line in lines])
    items = [
        (line.variant_id, line.quantity, variants[line.variant_id].price)
        for line in lines
        if line.variant_id in variants
    ]
    return add_up(Basket(shop.currency, items, shipping_amount, shop.prices_include_tax, taxation_for(country)))


def taxation_for(country: str) -> Taxation:
    """How a destination is taxed.

    A rate for the country itself wins. Within the European Union the shop's home rate stands in for members without a
    rate of their own: the rule of small sellers below 10,000 EUR of cross-border sales a year (Directive 2006/112/EC,
    article 59c). Everywhere else nothing is charged, as for an export.
    """
    rates = {rate.country: rate for rate in tax_rates()}
    rate = rates.get(country)
    home = current_shop().country
    if rate is None and {country, home} <= european_union():
        rate = rates.get(home)
    return Taxation(rate.name, rate.rate, rate.taxes_delivery) if rate else Taxation()


def tax_rates() -> list[TaxRate]:
    """All rates of the shop, by country."""
    return list(db.session.scalars(select(TaxRate).order_by(TaxRate.country)))


def lock_tax_rate(rate_id: UUID) -> TaxRate:
    """One rate, to be changed. Raises NotFound."""
    rate = db.session.scalar(select(TaxRate).where(TaxRate.id == rate_id).with_for_update())
    if rate is None:
        raise NotFound()
    return rate


def tax_rate_by_id(rate_id: UUID) -> TaxRate:
    """One rate. Raises NotFound."""
    rate = db.session.scalar(select(TaxRate).where(TaxRate.id == rate_id))
    if rate is None:
        raise NotFound()
    return rate


def tax_rates_after(after: str, country: str, most: int) -> list[TaxRate]:
    """Rates by country from behind the given one; with `country`, that one's alone."""
    wanted = select(TaxRate).where(TaxRate.country > after).order_by(TaxRate.country).limit(most)
    return list(db.session.scalars(wanted.where(TaxRate.country == country) if country else wanted))


def tax_rate_of(country: str) -> TaxRate | None:
    """The rate of exactly this country."""
    return db.session.scalar(select(TaxRate).where(TaxRate.country == country))


@cache
def _standard() -> dict:
    return tomllib.loads(_STANDARD_RATES.read_text(encoding="utf-8"))


def standard_rates() -> dict[str, Taxation]:
    """Standard VAT, GST and sales tax rates of many countries, as a new shop starts with them."""
    return {country: Taxation(name, round(percent * 1000)) for country, (name, percent) in _standard()["rates"].items()}


@cache
def european_union() -> frozenset[str]:
    """The member states."""
    return frozenset(_standard()["european_union"])


@lru_cache(maxsize=32)
def country_names(locale: str) -> dict[str, str]:
    """Country names by ISO 3166-1 code, in the language of a locale."""
    try:
        territories = Locale.parse(locale.replace("-", "_")).territories
    except (ValueError, UnknownLocaleError):
        territories = Locale("en").territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    }
