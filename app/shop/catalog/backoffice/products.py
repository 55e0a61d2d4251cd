"""The list of products, and one product's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext as _
from app.core.i18n import mark, said
from app.core.web import accepts, current_form, is_fragment_request, page, redirect_to
from app.platform.staff import undo
from app.shop.catalog import bulk, editing, images, queries, staff_queries
from app.shop.catalog.backoffice.bulk import put_aside
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.forms import CreateProduct, ProductFilter, SaveProduct, StatusForm

VIEWS = (("", mark("All")), ("active", mark("Active")), ("draft", mark("Drafts")), ("archived", mark("Archived")))
DONE = {"active": mark("on sale"), "draft": mark("a draft"), "archived": mark("archived")}
STOCK = {"in": mark("Can be sold"), "low": mark("Low: 3 or fewer"), "out": mark("Sold out")}


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return _list(ProductFilter())


@door.get("/products")
@requires("products.read")
@accepts(ProductFilter, again=unfiltered)
def index(wanted: ProductFilter) -> Response:
    """One page of products; the piece below the heading for htmx."""
    return _list(wanted)


@door.get("/products/new")
@requires("products.edit")
def new() -> Response:
    """The form for a new product."""
    return page("catalog/backoffice/new.html")


@door.post("/products")
@requires("products.edit")
@accepts(CreateProduct, again=new)
def create(form: CreateProduct) -> Response:
    """Write a new product and go on to its page."""
    by = current_actor()
    product = editing.create(form, by=by)
    if form.photo:
        images.add(product.id, form.photo.read(), by=by)
    return redirect_to(
        url_for(".show", product_id=product.id), _("%(title)s is in the catalogue.", title=product.title)
    )


@door.get("/products/<uuid:product_id>")
@requires("products.read")
def show(product_id: UUID) -> Response:
    """One product with all that can be changed about it."""
    return product_page(product_id)


@door.post("/products/<uuid:product_id>")
@requires("products.edit")
@accepts(SaveProduct, again=show)
def save(form: SaveProduct, product_id: UUID) -> Response:
    """Save words, collections and variants of a product."""
    product = editing.save(product_id, form, by=current_actor())
    return redirect_to(url_for(".show", product_id=product_id), _("%(title)s is saved.", title=product.title))


@door.post("/products/<uuid:product_id>/status")
@requires("products.edit")
@accepts(StatusForm)
def set_status(form: StatusForm, product_id: UUID) -> Response:
    """Activate, draft or archive one product; the way back is the same form with the other status."""
    by, here = current_actor(), url_for(".show", product_id=product_id)
    before = bulk.set_status([product_id], form.status, by=by)
    title = staff_queries.editable(product_id).product.title
    say = _("%(title)s is %(state)s now.", title=title, state=_(DONE[form.status]))
    return redirect_to(here, say, undo=undo.remember("products.status", {"before": before}, here, by=by))


@door.get("/products/<uuid:product_id>/delete")
@requires("products.edit")
def confirm_delete(product_id: UUID) -> Response:
    """Say what deleting means before it happens."""
    return page("catalog/backoffice/delete.html", found=staff_queries.editable(product_id))


@door.post("/products/<uuid:product_id>/delete")
@requires("products.edit")
def delete(product_id: UUID) -> Response:
    """Delete a product; for ten minutes it can come back."""
    title = staff_queries.editable(product_id).product.title
    step = put_aside([product_id], url_for(".show", product_id=product_id), current_actor())
    return redirect_to(url_for(".index"), _("%(title)s is deleted.", title=title), undo=step)


def product_page(product_id: UUID, **context: Any) -> Response:
    """The page of one product. Views of its pictures and options show it again with their own problem."""
    return page(
        "catalog/backoffice/show.html",
        found=staff_queries.editable(product_id),
        shelves=[row for row, _number in queries.collections()],
        **{"picture_problem": "", "options_problem": "", "options_typed": None, **context},
    )


def taken_from_form() -> tuple[str, dict[str, str]]:
    """The problem and the texts of a small form on a page of several, so that the other forms keep their own values."""
    state = current_form()
    problem = next(iter(state.errors.values()), "") or state.problem
    typed = {name: str(text) for name, text in state.values.items() if isinstance(text, str)}
    state.values.clear()
    state.errors.clear()
    state.problem = ""
    return problem, typed


def _list(wanted: ProductFilter) -> Response:
    template = "catalog/backoffice/_list.html" if is_fragment_request() else "catalog/backoffice/index.html"
    shelves = [row for row, _number in queries.collections()]
    link = _linker(wanted)
    return page(
        template,
        found=staff_queries.products(wanted),
        counts=staff_queries.counts(),
        wanted=wanted,
        views=tuple(said(dict(VIEWS)).items()),
        stock=said(STOCK),
        link=link,
        query=urlsplit(link()).query,
        chips=_chips(wanted, link, {shelf.id: shelf.title for shelf in shelves}),
        shelves=shelves,
    )


def _chips(wanted: ProductFilter, link: Callable[..., str], shelves: dict[UUID, str]) -> list[tuple[str, str]]:
    """The filters that are on, each with the address of the list without it."""
    chips = [(f"“{wanted.q}”", link(q=""))] if wanted.q else []
    if wanted.collection:
        chips.append((shelves.get(wanted.collection, _("Collection")), link(collection=None)))
    if wanted.stock:
        chips.append((_(STOCK[wanted.stock]), link(stock="")))
    if wanted.vendor:
        chips.append((_("Vendor: %(name)s", name=wanted.vendor), link(vendor="")))
    if wanted.tag:
        chips.append((_("Tag: %(name)s", name=wanted.tag), link(tag="")))
    return chips


def _linker(wanted: ProductFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""
    plain = msgspec.to_builtins(ProductFilter())

    def link(**changes: str) -> str:
        state = msgspec.to_builtins(wanted) | {"cursor": ""} | changes
        return url_for(".index", **{key: value for key, value in state.items() if value != plain[key]})

    return link
