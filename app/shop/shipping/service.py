"""Changing zones and rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.core import audit, db
from app.core.access import Actor
from app.core.errors import InvalidInput
from app.core.money import exponent
from app.platform.tenancy import hooks as tenancy_hooks
from app.platform.tenancy.schemas import NewTenant
from app.shop.shipping import hooks, queries
from app.shop.shipping.errors import CountryStandsElsewhere, ProviderNotInstalled
from app.shop.shipping.models import EVERYWHERE, ShippingRate, ShippingZone


@dataclass(frozen=True)
class NewRate:
    """One way of delivery as staff describe it; `settings` is read by its provider."""

    name: str
    provider: str
    settings: dict[str, Any] = field(default_factory=dict)
    delivery_time: str = ""
    is_enabled: bool = True


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
    rate = db.add(ShippingRate(zone_id=zone.id, position=len(queries.rates_of(zone.id))))
    return _write(rate, new, by)


def change_rate(rate_id: UUID, new: NewRate, *, by: Actor) -> ShippingRate:
    """Change a way of delivery. Raises NotFound, ProviderNotInstalled, InvalidInput."""
    return _write(queries.rate_by_id(rate_id), new, by)


def _write(rate: ShippingRate, new: NewRate, by: Actor) -> ShippingRate:
    provider = hooks.provider(new.provider)
    if provider is None:
        raise ProviderNotInstalled(provider=new.provider)
    if problems := provider.problems(new.settings):
        raise InvalidInput(problems)
    rate.name, rate.provider, rate.settings = new.name, new.provider, new.settings
    rate.delivery_time, rate.is_enabled = new.delivery_time, new.is_enabled
    db.flush()
    audit.record(by, "shipping_rate.saved", rate, name=new.name, provider=new.provider)
    return rate


def remove_rate(rate_id: UUID, *, by: Actor) -> None:
    """Offer a way of delivery no longer. Placed orders keep its name. Raises NotFound."""
    rate = queries.rate_by_id(rate_id)
    audit.record(by, "shipping_rate.removed", rate, name=rate.name)
    db.delete(rate)


def open_with_one_flat_rate(new: NewTenant) -> None:
    """Give a new shop one flat rate at home and one for the rest of the world, so that it can sell at once."""
    if queries.all_zones():
        return
    unit = 10 ** exponent(new.currency)
    home, away = (5 * unit, 15 * unit) if exponent(new.currency) else (500, 1500)
    _open_zone(0, "Home", [new.country], "Standard delivery", home, "2 to 4 working days")
    _open_zone(1, "Rest of the world", [EVERYWHERE], "International delivery", away, "5 to 10 working days")


def _open_zone(position: int, name: str, countries: list[str], rate: str, amount: int, days: str) -> None:
    zone = db.add(ShippingZone(name=name, countries=countries, position=position))
    db.flush()
    settings = {"amount": amount, "free_from": None}
    db.add(ShippingRate(zone_id=zone.id, name=rate, provider="flat", settings=settings, delivery_time=days))
    db.flush()


tenancy_hooks.on_open.append(open_with_one_flat_rate)
