"""Tax rates for programs."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, to_public
from app.core.rest import ApiDoor, Page, Paging, accepts, cursor_of, matches, page_of, read_cursor, returns
from app.shop.pricing import queries, service
from app.shop.pricing.errors import NoStandardRate, RateStandsAlready
from app.shop.pricing.models import TaxRate
from app.shop.pricing.programs import TaxChanged, TaxOut, TaxWritten

door = ApiDoor("pricing")
TAX = "tax"


class TaxFilter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which tax rates to list, by country."""

    country: str = ""


def _out(rate: TaxRate) -> TaxOut:
    return TaxOut(
        to_public(TAX, rate.id), rate.country, rate.name, rate.percent, rate.taxes_delivery, rate.created_at,
        rate.updated_at,
    )  # fmt: skip


def _locked(tax_id: str) -> TaxOut:
    return _out(queries.lock_tax_rate(from_public(TAX, tax_id)))


@door.get("/taxes")
@requires("taxes.manage")
@returns(Page[TaxOut])
@accepts(TaxFilter)
def list_taxes(query: TaxFilter) -> Page[TaxOut]:
    """List tax rates by country."""
    after = read_cursor(query.cursor, str)[0] if query.cursor else ""
    found = queries.tax_rates_after(after, query.country, query.limit + 1)
    shown = found[: query.limit]
    return page_of([_out(rate) for rate in shown], cursor_of(shown[-1].country) if len(found) > query.limit else None)


@door.post("/taxes")
@requires("taxes.manage")
@returns(TaxOut, errors=(RateStandsAlready, NoStandardRate), status=201)
@accepts(TaxWritten)
def add_tax(body: TaxWritten) -> TaxOut:
    """Tax one more country, by a rate of one's own or by its standard rate."""
    taxation = body.taxation if body.percent else service.standard_taxation(body.country)
    return _out(service.add_tax_rate(body.country, taxation, by=current_actor()))


@door.get("/taxes/<tax_id>")
@requires("taxes.manage")
@returns(TaxOut, errors=(NotFound,))
def show_tax(tax_id: str) -> TaxOut:
    """Show one tax rate."""
    return _out(queries.tax_rate_by_id(from_public(TAX, tax_id)))


@door.put("/taxes/<tax_id>")
@requires("taxes.manage")
@returns(TaxOut, errors=(NotFound,))
@matches(_locked)
@accepts(TaxChanged)
def change_tax(body: TaxChanged, tax_id: str) -> TaxOut:
    """Tax a country differently from now on. Orders keep the tax that they were placed with."""
    return _out(service.change_tax_rate(from_public(TAX, tax_id), body.taxation, by=current_actor()))


@door.delete("/taxes/<tax_id>")
@requires("taxes.manage")
@returns(TaxOut, errors=(NotFound,))
def remove_tax(tax_id: str) -> TaxOut:
    """Tax a country no longer, and answer what its rate was."""
    was = _locked(tax_id)
    service.remove_tax_rate(from_public(TAX, tax_id), by=current_actor())
    return was
