"""Settings of taxes."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from app.core import i18n
from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, done, page
from app.platform.tenancy.queries import current_shop
from app.shop.pricing import queries, service
from app.shop.pricing.schemas import AddRate, WriteRate

door = BackofficeDoor("pricing")


@door.get("/settings/taxes")
@requires("taxes.manage")
def index(rate: UUID | None = None) -> Response:
    """Every rate of the shop, and a form for one more country."""
    return page("pricing/backoffice/index.html", edited=rate, **_shown())


def _shown() -> dict:
    rates = queries.tax_rates()
    taken = {each.country for each in rates}
    names = queries.country_names(i18n.locale_for(current_shop().locale))
    free = sorted(((code, name) for code, name in names.items() if code not in taken), key=lambda pair: pair[1])
    return {
        "rates": rates,
        "names": names,
        "free": free,
        "standard": queries.standard_rates(),
        "home_is_in_union": current_shop().country in queries.european_union(),
    }


@door.post("/settings/taxes")
@requires("taxes.manage")
@accepts(AddRate, again=index)
def add(form: AddRate) -> Response:
    """Tax one more country."""
    taxation = form.taxation if form.percent else service.standard_taxation(form.country)
    service.add_tax_rate(form.country, taxation, by=current_actor())
    return _changed(gettext("The rate is in use from now on."))


@door.post("/settings/taxes/<uuid:rate>")
@requires("taxes.manage")
@accepts(WriteRate, again=index)
def change(form: WriteRate, rate: UUID) -> Response:
    """Change one country's rate."""
    service.change_tax_rate(rate, form.taxation, by=current_actor())
    return _changed(gettext("The rate is in use from now on."))


@door.post("/settings/taxes/<uuid:rate>/remove")
@requires("taxes.manage")
def remove(rate: UUID) -> Response:
    """Stop taxing a country."""
    service.remove_tax_rate(rate, by=current_actor())
    return _changed(gettext("The country is no longer taxed."))


def _changed(say: str) -> Response:
    return done("pricing/backoffice/_rates.html", say=say, back_to=url_for(".index"), edited=None, **_shown())
