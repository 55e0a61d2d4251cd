"""Pictures of products for programs."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput, NotFound, PlanLimitReached
from app.core.i18n import gettext
from app.core.ids import from_public, named, named_of, to_public
from app.core.rest import accepts, matches, returns
from app.core.rest_files import uploads
from app.shop.catalog import images, queries, service, staff_queries
from app.shop.catalog.api.entrance import IMAGE, PRODUCT, VARIANT, Out, door
from app.shop.catalog.programs import ImageChanged, ImagesOut, ImageUpload, Order
from app.shop.catalog.renditions import PictureRefused
from app.shop.catalog.schemas import ImageOut


def _all(product_id: str) -> ImagesOut:
    found = queries.product_by_id(from_public(PRODUCT, product_id)).images
    return ImagesOut([Out().image(one) for one in found])


def _locked_all(product_id: str) -> ImagesOut:
    queries.lock_product(from_public(PRODUCT, product_id))
    return _all(product_id)


def _one(product_id: str, image_id: str) -> ImageOut:
    found = next((one for one in _all(product_id).data if one.id == image_id), None)
    if found is None:
        raise NotFound
    return found


def _locked(product_id: str, image_id: str) -> ImageOut:
    queries.lock_product(from_public(PRODUCT, product_id))
    return _one(product_id, image_id)


@door.get("/products/<product_id>/images")
@requires("products.read")
@returns(ImagesOut, errors=(NotFound,))
def list_images(product_id: str) -> ImagesOut:
    """List the pictures of a product in their order."""
    return _all(product_id)


@door.get("/products/<product_id>/images/<image_id>")
@requires("products.read")
@returns(ImageOut, errors=(NotFound,))
def show_image(product_id: str, image_id: str) -> ImageOut:
    """Show one picture of a product."""
    return _one(product_id, image_id)


@door.post("/products/<product_id>/images")
@requires("products.edit")
@returns(ImageOut, errors=(NotFound, PictureRefused, PlanLimitReached), status=201)
@uploads(ImageUpload)
def add_image(body: ImageUpload, product_id: str) -> ImageOut:
    """Upload a picture and hang it behind the others. The same picture twice stays one."""
    identity = from_public(PRODUCT, product_id)
    variant = _variant_of(identity, body.variant_id) if body.variant_id else None
    made = images.add(identity, body.file.read(), by=current_actor(), alt=body.alt, variant_id=variant)
    return _one(product_id, to_public(IMAGE, made.id))


@door.put("/products/<product_id>/images/order")
@requires("products.edit")
@returns(ImagesOut, errors=(NotFound,))
@matches(_locked_all)
@accepts(Order)
def arrange_images(body: Order, product_id: str) -> ImagesOut:
    """Put the pictures into this order; those not named follow."""
    order = named_of(IMAGE, body.ids, "ids", (one.id for one in _all(product_id).data))
    service.arrange_images(from_public(PRODUCT, product_id), order, by=current_actor())
    return _all(product_id)


@door.put("/products/<product_id>/images/<image_id>")
@requires("products.edit")
@returns(ImageOut, errors=(NotFound,))
@matches(_locked)
@accepts(ImageChanged)
def describe_image(body: ImageChanged, product_id: str, image_id: str) -> ImageOut:
    """Say what a picture shows, and which variant."""
    identity = from_public(PRODUCT, product_id)
    variant = _variant_of(identity, body.variant_id) if body.variant_id else None
    image = from_public(IMAGE, image_id)
    service.describe_image(identity, image, body.alt, variant_id=variant, by=current_actor())
    return _one(product_id, image_id)


@door.delete("/products/<product_id>/images/<image_id>")
@requires("products.edit")
@returns(ImageOut, errors=(NotFound,))
def remove_image(product_id: str, image_id: str) -> ImageOut:
    """Take a picture off a product, and answer what it was."""
    was = _locked(product_id, image_id)
    service.remove_image(from_public(PRODUCT, product_id), from_public(IMAGE, image_id), by=current_actor())
    return was


def _variant_of(product_id: UUID, text: str) -> UUID:
    """A variant of this product and of no other."""
    identity = named(VARIANT, text, "variant_id")
    if identity not in {one.id for one in staff_queries.editable(product_id).variants}:
        raise InvalidInput({"variant_id": gettext("Please choose one of this product's variants.")})
    return identity
