"""Writing the catalogue as a CSV that the import takes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from app.core import money
from app.platform.tenancy import queries as tenancy
from app.shop.catalog.importing import comparing, queries
from app.shop.catalog.importing.columns import OWN
from app.shop.catalog.importing.comparing import Present
from app.shop.catalog.importing.reading import FORMULA_STARTS
from app.shop.catalog.models import Image, Variant

PRODUCTS_A_PIECE = 200


def pieces() -> Iterator[str]:
    """The file in pieces, the line of headings first, products in the order of their handles."""
    currency = tenancy.current_shop().currency
    yield as_csv([list(OWN)])
    last = ""
    while products := queries.products_after(last, PRODUCTS_A_PIECE):
        last = products[-1].handle
        here = comparing.with_belongings(products)
        yield as_csv([_cells(row) for product in products for row in _rows(here[product.handle], currency)])


def whole() -> str:
    """The whole file at once."""
    return "".join(pieces())


def as_csv(rows: list[list[str]]) -> str:
    """Lines of a CSV in which a spreadsheet runs nothing: dangerous first characters get an apostrophe."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([[quoted(cell) for cell in row] for row in rows])
    return written.getvalue()


def quoted(cell: str) -> str:
    """A cell that a spreadsheet shows and never runs. Reading the file takes the apostrophe off again."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def _cells(row: dict[str, str]) -> list[str]:
    return [row.get(name, "") for name in OWN]


def _rows(here: Present, currency: str) -> Iterator[dict[str, str]]:
    """One line a variant or picture, whichever are more; what belongs to the product stands in the first."""
    shown = {image.variant_id: image for image in reversed(here.images) if image.variant_id}
    first = _product_cells(here)
    for variant, image in zip_longest(here.variants, here.images):
        row = {"handle": here.product.handle, **first}
        first = {}
        if variant is not None:
            row |= _variant_cells(variant, shown.get(variant.id), currency)
        if image is not None:
            row |= {"image_url": comparing.address_of(image), "image_alt": image.alt}
        yield row


def _product_cells(here: Present) -> dict[str, str]:
    product = here.product
    names = {f"option{place}_name": option["name"] for place, option in enumerate(product.options, 1)}
    return {
        "title": product.title,
        "description": product.description_html,
        "vendor": product.vendor,
        "kind": product.kind,
        "tags": ", ".join(product.tags),
        "status": product.status,
        "collections": "; ".join(here.shelves),
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        **names,
    }


def _variant_cells(variant: Variant, image: Image | None, currency: str) -> dict[str, str]:
    return {
        **{f"option{place}_value": value for place, value in enumerate(variant.options, 1)},
        "sku": variant.sku,
        "barcode": variant.barcode,
        "price": _amount(variant.price, currency),
        "compare_at_price": _amount(variant.compare_at, currency),
        "weight_grams": str(variant.weight_grams),
        "stock": str(variant.on_hand),
        "tracks_stock": _answer(variant.tracks_stock),
        "continue_selling": _answer(variant.continue_selling),
        "variant_image_url": comparing.address_of(image) if image else "",
    }


def _amount(amount: int | None, currency: str) -> str:
    return "" if amount is None else str(money.to_decimal(amount, currency))


def _answer(value: Any) -> str:
    return "true" if value else "false"
