"""Door: the back office's home page, its search, and the general settings."""

from __future__ import annotations

from flask import Response, url_for

from app.core import access, i18n
from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.i18n import gettext, said
from app.core.web import BackofficeDoor, accepts, done, is_fragment_request, page, redirect_to
from app.platform.tenancy import countries
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.shop.catalog import queries as catalog
from app.shop.home import board, checklist, jobs, palette, service
from app.shop.home.schemas import PERIODS, GeneralSettings, Nothing, OpenOrClosed, Period, Search, TickOff
from app.shop.orders import queries as orders
from app.ui import context

door = BackofficeDoor("home")


@door.get("")
@requires("home.read")
@accepts(Period)
def index(form: Period) -> Response:
    """How the shop does, what waits, and what is left to set up."""
    figures = board.dashboard(int(form.days))
    if figures.has_gaps:
        jobs.keep_days.enqueue(days=figures.period.days)
    return page(
        "home/backoffice/index.html",
        board=figures,
        greeting=board.part_of_day(),
        first_name=board.first_name(current_actor().name),
        checklist=checklist.lines(),
        periods=said(PERIODS),
        period=form.days,
    )


@door.post("/checklist")
@requires("settings.write")
@accepts(TickOff)
def tick_off(form: TickOff) -> Response:
    """Take an item off the list that is not for this shop."""
    if form.item not in checklist.NAMES:
        raise NotFound()
    tenancy_service.tick_off(form.item, by=current_actor())
    return done(
        "home/backoffice/_checklist.html",
        checklist=checklist.lines(),
        say=gettext("That is off the list."),
        back_to=url_for(".index"),
    )


@door.get("/search")
@requires("home.read")
@accepts(Search)
def find(form: Search) -> Response:
    """Pages, actions, orders, products and customers that match, best first; for the palette the list alone."""
    template = "home/backoffice/_found.html" if is_fragment_request() else "home/backoffice/search.html"
    hits = palette.found(form.q, context.ask("menu"), context.ask("actions"), access.may)
    return page(template, q=form.q.strip(), hits=hits)


@door.get("/samples")
@requires("products.edit")
def samples() -> Response:
    """Say what removing the samples does before it is done."""
    return page("home/backoffice/samples.html", count=catalog.count_samples())


@door.post("/samples/remove")
@requires("products.edit")
@accepts(Nothing)
def remove_samples(form: Nothing) -> Response:
    """Take the sample products and collections out of the shop."""
    service.remove_samples(by=current_actor())
    return redirect_to(url_for(".index"), gettext("The samples are gone."))


@door.get("/settings")
@requires("settings.read")
def settings() -> Response:
    """The shop's general settings, and the way to all others."""
    shop = tenancy.current_shop()
    return page(
        "home/backoffice/settings.html",
        address=dict.fromkeys(("line1", "line2", "postal_code", "city", "region"), "") | shop.address,
        currencies={code: code for code in countries.currencies()},
        currency_is_fixed=orders.has_any(),
        timezones={zone: zone.replace("_", " ") for zone in sorted({*countries.timezones(), shop.timezone})},
        country=countries.country_or_default(shop.country),
        spoken={code: name for code, name in i18n.LANGUAGES.items() if code != shop.language},
        host=tenancy.primary_host(shop.tenant_id),
        domains=tenancy.domains_of(shop.tenant_id),
    )


@door.post("/settings")
@requires("settings.write")
@accepts(GeneralSettings, again=settings)
def change_settings(form: GeneralSettings) -> Response:
    """Write the general settings."""
    service.change_settings(form, by=current_actor())
    return redirect_to(url_for(".settings"), gettext("The settings are saved."))


@door.post("/settings/opening")
@requires("settings.close")
@accepts(OpenOrClosed)
def open_or_close(form: OpenOrClosed) -> Response:
    """Let shoppers in, or keep them out for a while."""
    shop = tenancy_service.set_open(form.is_open, by=current_actor())
    say = gettext("Shoppers can come in.") if shop.is_open else gettext("The shop is closed to shoppers.")
    return redirect_to(url_for(".settings"), say)
