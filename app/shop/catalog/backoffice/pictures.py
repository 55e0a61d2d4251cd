"""Pictures of a product: upload, order, words, removal."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput
from app.core.i18n import gettext, ngettext
from app.core.web import accepts, redirect_to
from app.shop.catalog import images, service, staff_queries
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.backoffice.products import product_page, taken_from_form
from app.shop.catalog.forms import Arranged, DescribePicture, MovePicture, UploadPictures


def upload_again(product_id: UUID) -> Response:
    """The product's page with the reason why a picture was not taken."""
    problem, _ = taken_from_form()
    return product_page(product_id, picture_problem=problem)


@door.post("/products/<uuid:product_id>/images")
@requires("products.edit")
@accepts(UploadPictures, again=upload_again)
def add_images(form: UploadPictures, product_id: UUID) -> Response:
    """Take pictures in: all of them or none."""
    for photo in form.photos:
        images.add(product_id, photo.read(), alt=form.alt, by=current_actor())
    number = len(form.photos)
    return redirect_to(
        _at(product_id),
        ngettext("%(num)s picture is added.", "%(num)s pictures are added.", number),
    )


@door.post("/products/<uuid:product_id>/images/<uuid:image_id>")
@requires("products.edit")
@accepts(DescribePicture, again=upload_again)
def describe_image(form: DescribePicture, product_id: UUID, image_id: UUID) -> Response:
    """Say what a picture shows, and which variant."""
    found = staff_queries.editable(product_id)
    if form.variant_id and form.variant_id not in {variant.id for variant in found.variants}:
        raise InvalidInput({"variant_id": gettext("Please choose one of this product's variants.")})
    service.describe_image(product_id, image_id, form.alt, variant_id=form.variant_id, by=current_actor())
    return redirect_to(_at(product_id), gettext("The picture's description is saved."))


@door.post("/products/<uuid:product_id>/images/<uuid:image_id>/move")
@requires("products.edit")
@accepts(MovePicture)
def move_image(form: MovePicture, product_id: UUID, image_id: UUID) -> Response:
    """Put a picture one place earlier or later; the first one stands for the product."""
    images.move(product_id, image_id, int(form.step), by=current_actor())
    return redirect_to(_at(product_id))


@door.post("/products/<uuid:product_id>/images/order")
@requires("products.edit")
@accepts(Arranged)
def arrange_images(form: Arranged, product_id: UUID) -> Response:
    """Put the pictures into the order that somebody dragged them into."""
    service.arrange_images(product_id, form.order, by=current_actor())
    return redirect_to(_at(product_id))


@door.post("/products/<uuid:product_id>/images/<uuid:image_id>/delete")
@requires("products.edit")
def remove_image(product_id: UUID, image_id: UUID) -> Response:
    """Take a picture off the product."""
    service.remove_image(product_id, image_id, by=current_actor())
    return redirect_to(_at(product_id), gettext("The picture is removed."))


def _at(product_id: UUID) -> str:
    return url_for(".show", product_id=product_id) + "#pictures"
