"""The page of one product."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import public
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.web import accepts, cacheable, is_fragment_request, page
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries
from app.shop.catalog.queries import FEW
from app.shop.catalog.schemas import Picture, ProductChoice, ProductView, VariantView
from app.shop.catalog.storefront import structured
from app.shop.catalog.storefront.entrance import door
from app.shop.catalog.storefront.picker import pickers


@door.get("/products/<handle>")
@public
@cacheable(query=("variant",))
@accepts(ProductChoice)
def product(form: ProductChoice, handle: str) -> Response:
    """A product with one of its variants chosen; for htmx only the part that a choice changes.

    What is worked out of the product's row alone is handed on as a question: its page asks when it draws a piece anew.
    """
    found = queries.product_by_handle(handle)
    chosen = found.variant_or_first(_id(form.variant))
    context: dict[str, Any] = {
        "product": found, "chosen": chosen, "pickers": partial(pickers, found, chosen), "few": FEW,
        "pictures": partial(_pictures, found, chosen), "address": url_for(".product", handle=handle),
    }  # fmt: skip
    if is_fragment_request():
        return page("catalog/storefront/_product.html", **context)
    origin = tenant_url("")
    recommended = queries.recommended(found.id)
    return page(
        "catalog/storefront/product.html",
        made_of=(found, chosen.id, recommended),
        recommended=recommended,
        origin=origin,
        facts=partial(_facts, found, origin, context["address"]),
        description=partial(structured.description, found),
        share_image=structured.picture_address(found.images[0], origin) if found.images else "",
        **context,
    )


def _facts(found: ProductView, origin: str, address: str) -> list[dict[str, Any]]:
    """What machines read about the page: the product, and where it stands."""
    steps = [(gettext("Home"), origin + url_for("pages_storefront.home"))]
    if found.collection_handle:
        shelf = url_for(".collection", handle=found.collection_handle)
        steps.append((found.collection_title, origin + shelf))
    steps.append((found.title, origin + address))
    product = structured.product_data(found, origin + address, origin, current_shop().currency)
    return [product, structured.trail(steps)]


def _pictures(found: ProductView, chosen: VariantView) -> list[Picture]:
    """The chosen variant's own pictures first."""
    return sorted(found.images, key=lambda picture: picture.variant_id != chosen.id)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
