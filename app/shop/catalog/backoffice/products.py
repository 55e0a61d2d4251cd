"""The list of products, and one product's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.text import is_local_path
from app.core.web import accepts, current_form, is_fragment_request, page, redirect_to
from app.shop.catalog import editing, images, queries, service, staff_queries
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.forms import BulkStatus, CreateProduct, ProductFilter, SaveProduct, StatusForm

VIEWS = (("", "All"), ("active", "Active"), ("draft", "Drafts"), ("archived", "Archived"))
DONE = {"active": "on sale", "draft": "a draft", "archived": "archived"}


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return _list(ProductFilter())


@door.get("/products")
@requires("products.read")
@accepts(ProductFilter, again=unfiltered)
def index(wanted: ProductFilter) -> Response:
    """One page of products; the piece below the heading for htmx."""
    return _list(wanted)


@door.post("/products/bulk")
@requires("products.edit")
@accepts(BulkStatus)
def bulk(form: BulkStatus) -> Response:
    """Give all ticked products a status."""
    number = editing.set_status_of(form.products, form.status, by=current_actor())
    if not number:
        return redirect_to(_back_to(form.back), "Tick the products first.")
    noun = "product is" if number == 1 else "products are"
    return redirect_to(_back_to(form.back), f"{number} {noun} {DONE[form.status]} now.")


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
    return redirect_to(url_for(".show", product_id=product.id), f"{product.title} is in the catalogue.")


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
    return redirect_to(url_for(".show", product_id=product_id), f"{product.title} is saved.")


@door.post("/products/<uuid:product_id>/status")
@requires("products.edit")
@accepts(StatusForm)
def set_status(form: StatusForm, product_id: UUID) -> Response:
    """Activate, draft or archive one product; the way back is the same form with the other status."""
    product = service.set_status(product_id, form.status, by=current_actor())
    return redirect_to(url_for(".show", product_id=product_id), f"{product.title} is {DONE[form.status]} now.")


@door.get("/products/<uuid:product_id>/delete")
@requires("products.edit")
def confirm_delete(product_id: UUID) -> Response:
    """Say what deleting means before it happens."""
    return page("catalog/backoffice/delete.html", found=staff_queries.editable(product_id))


@door.post("/products/<uuid:product_id>/delete")
@requires("products.edit")
def delete(product_id: UUID) -> Response:
    """Delete a product for good."""
    title = staff_queries.editable(product_id).product.title
    service.delete_product(product_id, by=current_actor())
    return redirect_to(url_for(".index"), f"{title} is deleted.")


def product_page(product_id: UUID, **context: Any) -> Response:
    """The page of one product. Views of its pictures and options show it again with their own problem."""
    return page(
        "catalog/backoffice/show.html",
        found=staff_queries.editable(product_id),
        shelves=[row for row, _ in queries.collections()],
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
    return page(
        template,
        found=staff_queries.products(wanted),
        counts=staff_queries.counts(),
        wanted=wanted,
        views=VIEWS,
        link=_linker(wanted),
        is_filtered=bool(wanted.q or wanted.collection or wanted.stock),
        shelves=[row for row, _ in queries.collections()],
    )


def _linker(wanted: ProductFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""
    plain = msgspec.to_builtins(ProductFilter())

    def link(**changes: str) -> str:
        state = msgspec.to_builtins(wanted) | {"cursor": ""} | changes
        return url_for(".index", **{key: value for key, value in state.items() if value != plain[key]})

    return link


def _back_to(path: str) -> str:
    is_ours = is_local_path(path) and urlsplit(path).path == url_for(".index")
    return path if is_ours else url_for(".index")
