"""Products and collections for tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from app.core import db
from app.core.access import system_actor
from app.shop.catalog import service
from app.shop.catalog.models import Collection, Product
from app.shop.catalog.schemas import NewCollection, NewImage, NewProduct, OptionIn, VariantIn

_numbers = count(1)


def a_product(**values: Any) -> Product:
    """Write a product into the entered shop: active, €20, ten pieces, unless told otherwise.

    `options={"Colour": ["Cream", "Ink"]}` makes one variant for each combination; `price`, `on_hand`, `sku` and the
    other fields of VariantIn hold for all of them; `image=True` hangs a picture on it.
    """
    options: dict[str, list[str]] = values.pop("options", {})
    image = values.pop("image", False)
    variants = values.pop("variants", None) or _combinations(options, values)
    form = NewProduct(
        title=values.pop("title", f"Thing {next(_numbers)}"),
        status=values.pop("status", "active"),
        options=[OptionIn(name, list(found)) for name, found in options.items()],
        variants=variants,
        **values,
    )
    product = service.create_product(form, by=system_actor("tests"))
    if image:
        service.add_image(product.id, a_picture(product.title), by=system_actor("tests"))
    db.flush()
    return product


def a_picture(alt: str = "", **values: Any) -> NewImage:
    """A picture that was stored before; there is no file behind it."""
    sizes = [(360, 450), (720, 900)]
    renditions = [
        {"width": width, "height": height, "format": kind, "key": f"images/{f'{width:04}' * 16}.{kind}"}
        for kind in ("avif", "webp")
        for width, height in sizes
    ]
    return NewImage(key=renditions[-1]["key"], width=720, height=900, renditions=renditions, alt=alt, **values)


def a_collection(products: list[Product], **values: Any) -> Collection:
    """Write a collection with these products in this order."""
    title = values.pop("title", f"Shelf {next(_numbers)}")
    collection = service.create_collection(NewCollection(title=title, **values), by=system_actor("tests"))
    service.put_products(collection.id, [product.id for product in products], by=system_actor("tests"))
    return collection


def titles(answer: Any) -> list[str]:
    """The products of a grid, in order."""
    main = answer.text.partition('class="listing-main"')[2] or answer.text
    return re.findall(r'<h3><a href="/products/[^"]*">([^<]*)</a></h3>', main)


def _combinations(options: dict[str, list[str]], values: dict[str, Any]) -> list[VariantIn]:
    of_variant = {name: values.pop(name) for name in VariantIn.__struct_fields__ if name in values}
    of_variant = {"price": 2000, "on_hand": 10, **of_variant}
    found: list[list[str]] = [[]]
    for choices in options.values():
        found = [[*one, choice] for one in found for choice in choices]
    return [VariantIn(options=one, **of_variant) for one in found]


@pytest.fixture
def make_product(in_shop: Any) -> Callable[..., Product]:
    """Write products into the shop of this test: see `a_product`. Committed at once, so that browsers see them."""

    def make(**values: Any) -> Product:
        product = a_product(**values)
        db.checkpoint()
        return product

    return make


@pytest.fixture
def make_collection(in_shop: Any) -> Callable[..., Collection]:
    """Write collections into the shop of this test. Committed at once."""

    def make(products: list[Product], **values: Any) -> Collection:
        collection = a_collection(products, **values)
        db.checkpoint()
        return collection

    return make
