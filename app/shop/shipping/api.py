"""Delivery zones and rates for programs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, to_public
from app.core.rest import ApiDoor, Page, Paging, accepts, cursor_of, matches, page_of, read_cursor, returns
from app.platform.tenancy.queries import current_shop
from app.shop.shipping import queries, rating, service
from app.shop.shipping.errors import CountryStandsElsewhere, ProviderNotInstalled, UnknownCountry
from app.shop.shipping.models import ShippingRate, ShippingZone
from app.shop.shipping.programs import RateOut, RateWritten, StepOut, ZoneOut, ZoneWritten

door = ApiDoor("shipping")
ZONE, RATE = "zone", "rate"


class ZoneFilter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Zones in the shop's order."""


def _rate_out(rate: ShippingRate) -> RateOut:
    kept = rate.settings
    return RateOut(
        id=to_public(RATE, rate.id), zone_id=to_public(ZONE, rate.zone_id), name=rate.name, provider=rate.provider,
        delivery_time=rate.delivery_time, amount=kept.get("amount"), free_from=kept.get("free_from"),
        steps=[StepOut(step["up_to"], step["amount"]) for step in kept.get("steps") or ()],
        settings={} if rating.options_of(rate.provider) is None else dict(kept),
        currency=current_shop().currency, is_enabled=rate.is_enabled, position=rate.position,
        created_at=rate.created_at, updated_at=rate.updated_at,
    )  # fmt: skip


def _zone_out(zone: ShippingZone, rates: Sequence[ShippingRate]) -> ZoneOut:
    return ZoneOut(
        to_public(ZONE, zone.id), zone.name, list(zone.countries), zone.position,
        [_rate_out(rate) for rate in rates], zone.created_at, zone.updated_at,
    )  # fmt: skip


def _zone(zone_id: str) -> ZoneOut:
    zone = queries.zone_by_id(from_public(ZONE, zone_id))
    return _zone_out(zone, queries.rates_of(zone.id))


def _locked_zone(zone_id: str) -> ZoneOut:
    queries.lock_zone(from_public(ZONE, zone_id))
    return _zone(zone_id)


def _rate(rate_id: str) -> RateOut:
    return _rate_out(queries.rate_by_id(from_public(RATE, rate_id)))


def _locked_rate(rate_id: str) -> RateOut:
    queries.lock_rate(from_public(RATE, rate_id))
    return _rate(rate_id)


@door.get("/shipping/zones")
@requires("delivery.manage")
@returns(Page[ZoneOut])
@accepts(ZoneFilter)
def list_zones(query: ZoneFilter) -> Page[ZoneOut]:
    """List zones with their rates, in the shop's order."""
    after = read_cursor(query.cursor, int, UUID) if query.cursor else None
    found = queries.zones_after(after, query.limit + 1)
    shown, rates = found[: query.limit], queries.rates_by_zone()
    cursor = cursor_of(shown[-1].position, shown[-1].id) if len(found) > query.limit else None
    return page_of([_zone_out(zone, rates[zone.id]) for zone in shown], cursor)


@door.post("/shipping/zones")
@requires("delivery.manage")
@returns(ZoneOut, errors=(CountryStandsElsewhere, UnknownCountry), status=201)
@accepts(ZoneWritten)
def add_zone(body: ZoneWritten) -> ZoneOut:
    """Deliver to more countries. A zone needs a rate before anybody can choose it."""
    zone = service.save_zone(None, body.name, queries.known_countries(body.countries), by=current_actor())
    return _zone_out(zone, [])


@door.get("/shipping/zones/<zone_id>")
@requires("delivery.manage")
@returns(ZoneOut, errors=(NotFound,))
def show_zone(zone_id: str) -> ZoneOut:
    """Show one zone with its rates."""
    return _zone(zone_id)


@door.put("/shipping/zones/<zone_id>")
@requires("delivery.manage")
@returns(ZoneOut, errors=(NotFound, CountryStandsElsewhere, UnknownCountry))
@matches(_locked_zone)
@accepts(ZoneWritten)
def change_zone(body: ZoneWritten, zone_id: str) -> ZoneOut:
    """Change a zone's name and countries."""
    countries = queries.known_countries(body.countries)
    service.save_zone(from_public(ZONE, zone_id), body.name, countries, by=current_actor())
    return _zone(zone_id)


@door.delete("/shipping/zones/<zone_id>")
@requires("delivery.manage")
@returns(ZoneOut, errors=(NotFound,))
def remove_zone(zone_id: str) -> ZoneOut:
    """Deliver to a zone no longer; its rates go with it."""
    was = _locked_zone(zone_id)
    service.remove_zone(from_public(ZONE, zone_id), by=current_actor())
    return was


@door.post("/shipping/zones/<zone_id>/rates")
@requires("delivery.manage")
@returns(RateOut, errors=(NotFound, ProviderNotInstalled), status=201)
@accepts(RateWritten)
def add_rate(body: RateWritten, zone_id: str) -> RateOut:
    """Offer one more way of delivery into a zone."""
    return _rate_out(service.add_rate(from_public(ZONE, zone_id), body.rate, by=current_actor()))


@door.get("/shipping/rates/<rate_id>")
@requires("delivery.manage")
@returns(RateOut, errors=(NotFound,))
def show_rate(rate_id: str) -> RateOut:
    """Show one way of delivery."""
    return _rate(rate_id)


@door.put("/shipping/rates/<rate_id>")
@requires("delivery.manage")
@returns(RateOut, errors=(NotFound, ProviderNotInstalled))
@matches(_locked_rate)
@accepts(RateWritten)
def change_rate(body: RateWritten, rate_id: str) -> RateOut:
    """Change a way of delivery. Orders keep what they were placed with."""
    return _rate_out(service.change_rate(from_public(RATE, rate_id), body.rate, by=current_actor()))


@door.delete("/shipping/rates/<rate_id>")
@requires("delivery.manage")
@returns(RateOut, errors=(NotFound,))
def remove_rate(rate_id: str) -> RateOut:
    """Offer a way of delivery no longer."""
    was = _locked_rate(rate_id)
    service.remove_rate(from_public(RATE, rate_id), by=current_actor())
    return was
