"""Reading zones and rates, and pricing a parcel."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from app.core import db, isolation
from app.core.errors import NotFound
from app.core.once import read_once
from app.core.text import fold
from app.platform.tenancy.queries import current_shop
from app.shop.pricing.queries import country_names
from app.shop.shipping import asking, hooks
from app.shop.shipping.errors import UnknownCountry
from app.shop.shipping.models import EVERYWHERE, ShippingRate, ShippingZone
from app.shop.shipping.schemas import DeliveryZone, NewRate, RateQuote

Row = TypeVar("Row")


def rates_for(country: str, weight_grams: int, subtotal: int) -> list[RateQuote]:
    """Every way of delivery into a country for this weight and value, cheapest first; empty where nothing goes.

    Inside of `asking.outside` it raises NotAskedYet where a provider has to be asked without a transaction first.
    """
    zone = zone_of(country)
    if zone is None:
        return []
    parcel = hooks.Parcel(country, weight_grams, subtotal, current_shop().currency)
    rates = [rate for rate in rates_by_zone()[zone.id] if rate.is_enabled]
    said = asking.prices([asking.Question(rate.provider, parcel, rate.settings) for rate in rates])
    quotes = [
        RateQuote(rate.id, rate.name, one.amount, rate.delivery_time)
        for rate, one in zip(rates, said, strict=True)
        if one
    ]
    return sorted(quotes, key=lambda quote: quote.amount)


def zone_of(country: str) -> ShippingZone | None:
    """The zone that names this country, else the rest of the world, else None."""
    zones = all_zones()
    named = next((zone for zone in zones if country in zone.countries), None)
    return named or next((zone for zone in zones if zone.is_rest_of_world), None)


def all_zones() -> list[ShippingZone]:
    """Every zone, in the shop's order."""
    wanted = select(ShippingZone).order_by(ShippingZone.position, ShippingZone.id)
    return list(read_once(ShippingZone, lambda: db.session.scalars(wanted).all()))


def rates_of(zone_id: UUID) -> list[ShippingRate]:
    """The rates of one zone, in the shop's order."""
    return list(
        db.session.scalars(
            select(ShippingRate).where(ShippingRate.zone_id == zone_id).order_by(ShippingRate.position, ShippingRate.id)
        )
    )


def rates_by_zone() -> dict[UUID, list[ShippingRate]]:
    """All rates of the shop, in the order of each zone."""
    rates: dict[UUID, list[ShippingRate]] = defaultdict(list)
    for rate in db.session.scalars(select(ShippingRate).order_by(ShippingRate.position, ShippingRate.id)):
        rates[rate.zone_id].append(rate)
    return rates


def zone_by_id(zone_id: UUID) -> ShippingZone:
    """One zone. Raises NotFound."""
    zone = db.session.get(ShippingZone, (isolation.tenant_id(), zone_id))
    if zone is None:
        raise NotFound()
    return zone


def rate_by_id(rate_id: UUID) -> ShippingRate:
    """One rate. Raises NotFound."""
    rate = db.session.get(ShippingRate, (isolation.tenant_id(), rate_id))
    if rate is None:
        raise NotFound()
    return rate


def lock_zone(zone_id: UUID) -> ShippingZone:
    """One zone, to be changed. Raises NotFound."""
    return _one(select(ShippingZone).where(ShippingZone.id == zone_id))


def lock_rate(rate_id: UUID) -> ShippingRate:
    """One rate, to be changed. Raises NotFound."""
    return _one(select(ShippingRate).where(ShippingRate.id == rate_id))


def zones_after(after: tuple[Any, ...] | None, most: int) -> list[ShippingZone]:
    """Zones in the shop's order, from behind the (position, id) of `after`."""
    wanted = select(ShippingZone).order_by(ShippingZone.position, ShippingZone.id).limit(most)
    if after is not None:
        wanted = wanted.where(tuple_(ShippingZone.position, ShippingZone.id) > tuple_(*after))
    return list(db.session.scalars(wanted))


def known_countries(codes: Sequence[str]) -> list[str]:
    """These codes, sorted; "*" is the rest of the world. Raises UnknownCountry."""
    known = country_names("en")
    for code in codes:
        if code != EVERYWHERE and code not in known:
            raise UnknownCountry(name=code)
    return sorted(set(codes))


def _one(statement: Select[Row]) -> Row:
    found = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def delivery() -> list[DeliveryZone]:
    """All zones and rates as values, in the shop's order."""
    rates = rates_by_zone()
    return [
        DeliveryZone(
            zone.name,
            tuple(zone.countries),
            tuple(
                NewRate(rate.name, rate.provider, dict(rate.settings), rate.delivery_time, rate.is_enabled)
                for rate in rates[zone.id]
            ),
        )
        for zone in all_zones()
    ]


def read_countries(text: str) -> list[str]:
    """Country codes out of typed codes or names, with commas or line breaks between. Raises UnknownCountry."""
    known: dict[str, str] = {}
    for locale in ("en", current_shop().locale):
        names = country_names(locale)
        known |= {fold(name): code for code, name in names.items()} | {code.lower(): code for code in names}
    found = []
    for name in re.split(r"[,;\n]+", text):
        if name.strip():
            if fold(name) not in known:
                raise UnknownCountry(name=name.strip()[:60])
            found.append(known[fold(name)])
    return sorted(set(found))
