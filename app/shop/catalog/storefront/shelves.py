"""Collections and search: grids that narrow by their address."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, url_for

from app.core.access import public
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.web import accepts, cacheable, is_fragment_request, page
from app.shop.catalog import queries
from app.shop.catalog.queries import Match
from app.shop.catalog.queries.facets import is_dense
from app.shop.catalog.schemas import ListingForm, SearchForm
from app.shop.catalog.storefront import structured
from app.shop.catalog.storefront.entrance import door
from app.shop.catalog.storefront.filters import Grid, narrowing

LISTING = ListingForm.__struct_fields__


@door.get("/collections")
@public
@cacheable()
def collections() -> Response:
    """All shelves of the shop."""
    return page("catalog/storefront/collections.html", tiles=queries.collection_tiles(most=60))


@door.get("/collections/<handle>")
@public
@cacheable(query=LISTING)
@accepts(ListingForm)
def collection(form: ListingForm, handle: str) -> Response:
    """One shelf, or with the handle "all" everything, narrowed by the address."""
    shelf = None if handle == "all" else queries.collection_by_handle(handle)
    grid = _grid(form, url_for(".collection", handle=handle), collection_id=shelf.id if shelf else None)
    if is_fragment_request():
        return _piece(grid)
    facts = partial(_facts, grid, shelf.title if shelf else gettext("Everything"))
    return page("catalog/storefront/collection.html", _status(grid), (grid, shelf), grid=grid, shelf=shelf, facts=facts)


@door.get("/search")
@public
@cacheable(query=LISTING)
@accepts(ListingForm)
def search(form: ListingForm) -> Response:
    """Products that answer a query, narrowed by the address."""
    grid = _grid(form, url_for(".search"), matches=queries.matches_for(form.q))
    if is_fragment_request():
        return _piece(grid)
    return page("catalog/storefront/search.html", _status(grid), grid=grid)


@door.get("/search/suggest")
@public
@cacheable(query=("q",))
@accepts(SearchForm)
def suggest(form: SearchForm) -> Response:
    """A few products while somebody types; a piece for htmx."""
    found = queries.suggestions(form.q)
    return page("catalog/storefront/_suggestions.html", found=found, q=form.q)


def _grid(
    form: ListingForm, path: str, *, collection_id: UUID | None = None, matches: list[Match] | None = None
) -> Grid:
    wanted, problems = narrowing(form, collection_id=collection_id, matches=matches)
    facets = queries.facets(wanted)
    fitting = None if facets.is_more else facets.total
    listing = queries.listing(wanted, is_dense=is_dense(wanted, facets), fitting=fitting)
    return Grid(path, form, listing, facets, problems)


def _facts(grid: Grid, title: str) -> list[dict[str, Any]]:
    """What machines read about a shelf: where it stands, and its products."""
    origin = tenant_url("")
    steps = [
        (gettext("Home"), origin + url_for("pages_storefront.home")),
        (gettext("Collections"), origin + url_for(".collections")),
        (title, origin + grid.path),
    ]
    before = origin + url_for(".product", handle="-")[:-1]  # 24 calls of url_for cost more than the page's SQL
    products = structured.list_of(grid.listing.cards, lambda handle: before + quote(handle))
    return [structured.trail(steps), products]


def _piece(grid: Grid) -> Response:
    """For htmx the part of the page that filters change; the address shown is without empty fields."""
    answer = page("catalog/storefront/_grid.html", _status(grid), grid=grid)
    answer.headers["HX-Push-Url"] = grid.address
    return answer


def _status(grid: Grid) -> int:
    return 422 if grid.problems else 200
