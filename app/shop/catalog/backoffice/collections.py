"""Collections: the list, and one collection with the order of its products."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Response, request, url_for

from app.core.access import current_actor, requires
from app.core.i18n import gettext, ngettext
from app.core.web import accepts, page, redirect_to
from app.platform.staff import undo
from app.shop.catalog import bulk, editing, images, queries, service, staff_queries
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.forms import (
    AddToCollection,
    Arranged,
    CollectionForm,
    CollectionPicture,
    MoveCollection,
    MoveInCollection,
    NothingMore,
)
from app.shop.catalog.schemas import NewCollection


@door.get("/collections")
@requires("products.read")
def list_collections() -> Response:
    """All collections in their order."""
    return page("catalog/backoffice/collections.html", shelves=queries.collections())


@door.get("/collections/new")
@requires("products.edit")
def new_collection() -> Response:
    """The form for a new collection."""
    return page("catalog/backoffice/collection.html", found=None, products=[], offered=[], q="")


@door.post("/collections")
@requires("products.edit")
@accepts(CollectionForm, again=new_collection)
def create_collection(form: CollectionForm) -> Response:
    """Write a new collection and go on to its products."""
    row = service.create_collection(_as_new(form), by=current_actor())
    return redirect_to(
        url_for(".show_collection", collection_id=row.id),
        gettext("%(title)s is made. Now put products on it.", title=row.title),
    )


@door.get("/collections/<uuid:collection_id>")
@requires("products.read")
def show_collection(collection_id: UUID) -> Response:
    """One collection, its products in their order, and those that could be added."""
    text = request.args.get("q", "")[:100]
    return page(
        "catalog/backoffice/collection.html",
        found=staff_queries.collection_by_id(collection_id),
        products=staff_queries.products_in(collection_id),
        offered=staff_queries.products_to_add(collection_id, text),
        q=text,
    )


@door.post("/collections/<uuid:collection_id>")
@requires("products.edit")
@accepts(CollectionForm, again=show_collection)
def save_collection(form: CollectionForm, collection_id: UUID) -> Response:
    """Save a collection's words and state."""
    here = staff_queries.collection_by_id(collection_id)
    wanted = msgspec.structs.replace(_as_new(form), is_sample=here.is_sample)
    row = service.update_collection(collection_id, wanted, by=current_actor())
    return redirect_to(
        url_for(".show_collection", collection_id=row.id), gettext("%(title)s is saved.", title=row.title)
    )


@door.post("/collections/<uuid:collection_id>/add")
@requires("products.edit")
@accepts(AddToCollection)
def add_to_collection(form: AddToCollection, collection_id: UUID) -> Response:
    """Put ticked products behind the others."""
    editing.put_on_shelf(collection_id, form.products, by=current_actor())
    number = len(form.products)
    say = (
        ngettext("%(num)s product is added.", "%(num)s products are added.", number)
        if number
        else gettext("Tick the products first.")
    )
    return redirect_to(url_for(".show_collection", collection_id=collection_id) + "#products", say)


@door.post("/collections/<uuid:collection_id>/move")
@requires("products.edit")
@accepts(MoveInCollection)
def move_in_collection(form: MoveInCollection, collection_id: UUID) -> Response:
    """Put one product elsewhere on the shelf, or take it off."""
    editing.move_on_shelf(collection_id, form.product, form.to, by=current_actor())
    return redirect_to(url_for(".show_collection", collection_id=collection_id) + "#products")


@door.post("/collections/<uuid:collection_id>/delete")
@requires("products.edit")
def delete_collection(collection_id: UUID) -> Response:
    """Delete a collection; its products stay."""
    by = current_actor()
    title, way_back = bulk.delete_collection(collection_id, by=by)
    step = undo.remember(
        "collections.deleted", way_back, url_for(".show_collection", collection_id=collection_id), by=by
    )
    say = gettext("%(title)s is deleted; its products are still in the shop.", title=title)
    return redirect_to(url_for(".list_collections"), say, undo=step)


@door.post("/collections/order")
@requires("products.edit")
@accepts(Arranged)
def arrange_collections(form: Arranged) -> Response:
    """Put the collections into the order that somebody dragged them into."""
    service.arrange_collections(form.order, by=current_actor())
    return redirect_to(url_for(".list_collections"))


@door.post("/collections/<uuid:collection_id>/place")
@requires("products.edit")
@accepts(MoveCollection)
def move_collection(form: MoveCollection, collection_id: UUID) -> Response:
    """Put one collection a place up or down."""
    editing.move_shelf(collection_id, int(form.step), by=current_actor())
    return redirect_to(url_for(".list_collections"))


@door.post("/collections/<uuid:collection_id>/order")
@requires("products.edit")
@accepts(Arranged)
def arrange_collection(form: Arranged, collection_id: UUID) -> Response:
    """Put the products of a collection into the order that somebody dragged them into."""
    editing.arrange_shelf(collection_id, form.order, by=current_actor())
    return redirect_to(url_for(".show_collection", collection_id=collection_id) + "#products")


@door.post("/collections/<uuid:collection_id>/picture")
@requires("products.edit")
@accepts(CollectionPicture, again=show_collection)
def change_picture(form: CollectionPicture, collection_id: UUID) -> Response:
    """Give a collection a picture of its own."""
    images.give_collection(collection_id, form.photo.read(), by=current_actor())
    return redirect_to(
        url_for(".show_collection", collection_id=collection_id) + "#picture", gettext("The picture is saved.")
    )


@door.post("/collections/<uuid:collection_id>/picture/remove")
@requires("products.edit")
@accepts(NothingMore)
def remove_picture(form: NothingMore, collection_id: UUID) -> Response:
    """Take a collection's own picture away; its first product's stands for it again."""
    service.set_collection_image(collection_id, None, [], by=current_actor())
    return redirect_to(
        url_for(".show_collection", collection_id=collection_id) + "#picture", gettext("The picture is removed.")
    )


def _as_new(form: CollectionForm) -> NewCollection:
    values = msgspec.structs.asdict(form)
    return NewCollection(description_html=editing.html_of(values.pop("description")), **values)
