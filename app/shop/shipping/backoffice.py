"""Settings of delivery: zones, and the rates in each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core import i18n
from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, done, page, redirect_to
from app.platform.plugins.fields import fields_in
from app.platform.tenancy.queries import current_shop
from app.shop.pricing.queries import country_names
from app.shop.shipping import asking, hooks, queries, rating, service
from app.shop.shipping.models import EVERYWHERE
from app.shop.shipping.schemas import WriteZone

door = BackofficeDoor("shipping")
SPARE_STEPS = 3


@door.get("/settings/delivery")
@requires("delivery.manage")
def index() -> Response:
    """Every zone with its rates."""
    return page("shipping/backoffice/index.html", **_shown())


def _shown() -> dict:
    return {
        "zones": queries.all_zones(),
        "rates": queries.rates_by_zone(),
        "names": country_names(i18n.locale_for(current_shop().locale)),
        "providers": {each.code: each.title for each in hooks.providers()},
        "offered": {each.code: each.title for each in hooks.providers() if asking.is_offered(each.code)},
    }


# --- zones -----------------------------------------------------------------------------------------------------------


@door.get("/settings/delivery/zones/new")
@requires("delivery.manage")
def new_zone() -> Response:
    """A form for one more zone."""
    return page("shipping/backoffice/zone.html", zone=None, typed_countries="")


@door.post("/settings/delivery/zones/new")
@requires("delivery.manage")
@accepts(WriteZone, again=new_zone)
def add_zone(form: WriteZone) -> Response:
    """Add a zone."""
    service.save_zone(None, form.name, _countries(form), by=current_actor())
    return redirect_to(
        url_for(".index"), gettext("The zone %(name)s is there. Add a rate, so that it can be chosen.", name=form.name)
    )


@door.get("/settings/delivery/zones/<uuid:zone>")
@requires("delivery.manage")
def edit_zone(zone: UUID) -> Response:
    """A form for one zone."""
    found = queries.zone_by_id(zone)
    names = country_names(i18n.locale_for(current_shop().locale))
    typed = ", ".join(names.get(code, code) for code in found.countries if code != EVERYWHERE)
    return page("shipping/backoffice/zone.html", zone=found, typed_countries=typed)


@door.post("/settings/delivery/zones/<uuid:zone>")
@requires("delivery.manage")
@accepts(WriteZone, again=edit_zone)
def change_zone(form: WriteZone, zone: UUID) -> Response:
    """Change a zone."""
    service.save_zone(zone, form.name, _countries(form), by=current_actor())
    return redirect_to(url_for(".index"), gettext("The zone %(name)s is saved.", name=form.name))


def _countries(form: WriteZone) -> list[str]:
    return queries.read_countries(form.countries) + ([EVERYWHERE] if form.rest_of_world else [])


@door.post("/settings/delivery/zones/<uuid:zone>/remove")
@requires("delivery.manage")
def remove_zone(zone: UUID) -> Response:
    """Remove a zone with its rates."""
    service.remove_zone(zone, by=current_actor())
    return _changed(gettext("The zone is gone."))


# --- rates -----------------------------------------------------------------------------------------------------------


@door.get("/settings/delivery/zones/<uuid:zone>/rates/<provider>")
@requires("delivery.manage")
def new_rate(zone: UUID, provider: str) -> Response:
    """A form for one more rate of this provider."""
    return _rate_page(zone=queries.zone_by_id(zone), rate=None, provider=provider)


@door.post("/settings/delivery/zones/<uuid:zone>/rates/<provider>")
@requires("delivery.manage")
def add_rate(zone: UUID, provider: str) -> Any:
    """Add a rate to a zone; the form is the provider's."""

    def save(form: Any, zone: UUID, provider: str) -> Response:
        service.add_rate(zone, form.rate, by=current_actor())
        return redirect_to(url_for(".index"), gettext("%(name)s can be chosen at the checkout.", name=form.name))

    answer: Any = accepts(rating.form_of(provider), again=new_rate)(save)
    return answer(zone=zone, provider=provider)


@door.get("/settings/delivery/rates/<uuid:rate>")
@requires("delivery.manage")
def edit_rate(rate: UUID) -> Response:
    """A form for one rate."""
    found = queries.rate_by_id(rate)
    return _rate_page(zone=queries.zone_by_id(found.zone_id), rate=found, provider=found.provider)


@door.post("/settings/delivery/rates/<uuid:rate>")
@requires("delivery.manage")
def change_rate(rate: UUID) -> Any:
    """Change a rate."""

    def save(form: Any, rate: UUID) -> Response:
        service.change_rate(rate, form.rate, by=current_actor())
        return redirect_to(url_for(".index"), gettext("%(name)s is saved.", name=form.name))

    answer: Any = accepts(rating.form_of(queries.rate_by_id(rate).provider), again=edit_rate)(save)
    return answer(rate=rate)


@door.post("/settings/delivery/rates/<uuid:rate>/remove")
@requires("delivery.manage")
def remove_rate(rate: UUID) -> Response:
    """Offer a rate no longer."""
    service.remove_rate(rate, by=current_actor())
    return _changed(gettext("It is no longer offered."))


def _rate_page(**context: object) -> Response:
    kept = getattr(context["rate"], "settings", {})
    options = rating.options_of(str(context["provider"]))
    steps = list(kept.get("steps", []))
    return page(
        "shipping/backoffice/rate.html",
        steps=steps + [{"up_to": None, "amount": None}] * SPARE_STEPS,
        fields=None if options is None else fields_in(options, kept),
        providers={each.code: each.title for each in hooks.providers()},
        **context,
    )


def _changed(say: str) -> Response:
    return done("shipping/backoffice/_zones.html", say=say, back_to=url_for(".index"), **_shown())
