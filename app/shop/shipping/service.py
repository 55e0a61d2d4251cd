"""Changing zones and rates."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import audit, db
from app.core.access import Actor, system_actor
from app.core.errors import InvalidInput
from app.core.money import exponent
from app.platform.tenancy import hooks as tenancy_hooks
from app.platform.tenancy.schemas import NewTenant
from app.shop.shipping import asking, hooks, queries, rating
from app.shop.shipping.errors import CountryStandsElsewhere, ProviderNotInstalled
from app.shop.shipping.models import EVERYWHERE, ShippingRate, ShippingZone
from app.shop.shipping.schemas import DeliveryZone, NewRate


def save_zone(zone_id: UUID | None, name: str, countries: list[str], *, by: Actor) -> ShippingZone:
    """Add a zone or change one. Raises CountryStandsElsewhere, NotFound."""
    for other in queries.all_zones():
        twice = sorted(set(countries) & set(other.countries))
        if other.id != zone_id and twice:
            raise CountryStandsElsewhere(country=twice[0], zone=other.name)
    zone = queries.zone_by_id(zone_id) if zone_id else db.add(ShippingZone(position=len(queries.all_zones())))
    zone.name, zone.countries = name, countries
    db.flush()
    audit.record(by, "shipping_zone.saved", zone, name=name, countries=countries)
    return zone


def remove_zone(zone_id: UUID, *, by: Actor) -> None:
    """Deliver to a zone no longer; its rates go with it. Raises NotFound."""
    zone = queries.zone_by_id(zone_id)
    audit.record(by, "shipping_zone.removed", zone, name=zone.name)
    for rate in queries.rates_of(zone_id):
        db.delete(rate)
    db.flush()
    db.delete(zone)


def add_rate(zone_id: UUID, new: NewRate, *, by: Actor) -> ShippingRate:
    """Add a way of delivery to a zone. Raises NotFound, ProviderNotInstalled, InvalidInput."""
    zone = queries.zone_by_id(zone_id)
    new = _checked(new)
    rate = db.add(ShippingRate(zone_id=zone.id, position=len(queries.rates_of(zone.id))))
    return _write(rate, new, by)


def change_rate(rate_id: UUID, new: NewRate, *, by: Actor) -> ShippingRate:
    """Change a way of delivery. Raises NotFound, ProviderNotInstalled, InvalidInput."""
    rate = queries.rate_by_id(rate_id)
    new = _checked(new)
    return _write(rate, new, by)


def _checked(new: NewRate) -> NewRate:
    if hooks.provider(new.provider) is None:
        raise ProviderNotInstalled(provider=new.provider)
    new = rating.checked(new)
    if problems := asking.problems(new.provider, new.settings):
        raise InvalidInput(problems)
    return new


def _write(rate: ShippingRate, new: NewRate, by: Actor) -> ShippingRate:
    _fill(rate, new, by)
    db.flush()
    return rate


def _fill(rate: ShippingRate, new: NewRate, by: Actor) -> None:
    rate.name, rate.provider, rate.settings = new.name, new.provider, new.settings
    rate.delivery_time, rate.is_enabled = new.delivery_time, new.is_enabled
    audit.record(by, "shipping_rate.saved", rate, name=new.name, provider=new.provider)


def remove_rate(rate_id: UUID, *, by: Actor) -> None:
    """Offer a way of delivery no longer. Placed orders keep its name. Raises NotFound."""
    rate = queries.rate_by_id(rate_id)
    audit.record(by, "shipping_rate.removed", rate, name=rate.name)
    db.delete(rate)


def write_delivery(zones: Sequence[DeliveryZone], *, by: Actor) -> None:
    """Replace all zones and rates by these values. Raises as `save_zone` and `add_rate` do."""
    for zone in queries.all_zones():
        remove_zone(zone.id, by=by)
    db.flush()
    for wanted in zones:
        zone = save_zone(None, wanted.name, list(wanted.countries), by=by)
        for rate in wanted.rates:
            add_rate(zone.id, rate, by=by)


def open_with_flat_rates(new: NewTenant) -> None:
    """Give a new shop one flat rate at home and one for the rest of the world, so that it can sell at once."""
    if queries.all_zones():
        return
    unit = max(10 ** exponent(new.currency), 100)
    home = NewRate("Standard delivery", "flat", {"amount": 5 * unit, "free_from": None}, "2 to 4 working days")
    away = NewRate("International delivery", "flat", {"amount": 15 * unit, "free_from": None}, "5 to 10 working days")
    by, zones = system_actor(), [("Home", [new.country], home), ("Rest of the world", [EVERYWHERE], away)]
    rows = [ShippingZone(position=at, name=name, countries=to) for at, (name, to, _) in enumerate(zones)]
    for zone in rows:
        db.add(zone)
        audit.record(by, "shipping_zone.saved", zone, name=zone.name, countries=zone.countries)
    db.flush()
    for zone, (_, _, rate) in zip(rows, zones, strict=True):
        _fill(db.add(ShippingRate(zone_id=zone.id, position=0)), rate, by)
    db.flush()


tenancy_hooks.on_open.append(open_with_flat_rates)
