"""Making one product what its rows of the file say."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.access import Actor, system_actor
from app.shop.catalog import queries as catalog
from app.shop.catalog import service as catalog_service
from app.shop.catalog.importing import checking, comparing
from app.shop.catalog.importing.checking import ProductDraft
from app.shop.catalog.importing.comparing import Present
from app.shop.catalog.importing.models import ImportRow
from app.shop.catalog.importing.reading import Line
from app.shop.catalog.models import Product
from app.shop.catalog.schemas import NewCollection

_STATES = {"create": "created", "update": "updated", "unchanged": "unchanged"}


def apply(handle: str, rows: list[ImportRow], columns: list[str], currency: str) -> None:
    """Create, update or leave one product, and write on each row what happened. Raises DomainError."""
    draft = draft_of(rows, columns, currency)
    if draft is None:
        return
    by = system_actor("import")
    here = comparing.present([handle]).get(handle)
    verdict = comparing.verdict(draft, here)
    product = _written(draft, here, verdict, by)
    if verdict != "unchanged":
        _put_on_shelves([(product.id, draft)], by)
        _describe_pictures(draft, here, by)
    _note(rows, draft, product, here, _STATES[verdict])


def create_all(by_handle: Mapping[str, list[ImportRow]], columns: list[str], currency: str) -> set[str]:
    """Create the products that the shop has not got, all of them at once; returns their handles.

    Raises DomainError when a single one cannot be created, and then none may stay: they are tried one by one.
    """
    by, taken = system_actor("import"), catalog.taken_handles(list(by_handle))
    drafts = {
        handle: draft
        for handle, rows in by_handle.items()
        if handle not in taken and (draft := draft_of(rows, columns, currency))
    }
    products = catalog_service.create_products([comparing.desired(draft, None) for draft in drafts.values()], by=by)
    _put_on_shelves([(product.id, draft) for product, draft in zip(products, drafts.values(), strict=True)], by)
    for product, (handle, draft) in zip(products, drafts.items(), strict=True):
        _note(by_handle[handle], draft, product, None, _STATES["create"])
    return set(drafts)


def draft_of(rows: list[ImportRow], columns: list[str], currency: str) -> ProductDraft | None:
    """The product as its rows tell it; None when no row can be used."""
    checked = checking.check([Line(row.line, row.cells) for row in rows], columns, currency)
    return next(iter(checked.products), None)


def _written(draft: ProductDraft, here: Present | None, verdict: str, by: Actor) -> Product:
    form = comparing.desired(draft, here)
    if here is None:
        return catalog_service.create_product(form, by=by)
    if verdict == "unchanged":
        return here.product
    return catalog_service.update_product(here.product.id, form, by=by)


def _put_on_shelves(brought: list[tuple[UUID, ProductDraft]], by: Actor) -> None:
    """Put products behind the others on each collection that the file names; one that is missing is made."""
    wanted: dict[str, list[UUID]] = {}
    for product_id, draft in brought:
        for title in draft.collections:
            wanted.setdefault(title, []).append(product_id)
    shelves = {row.title: row.id for row, _ in catalog.collections()} if wanted else {}
    for title, product_ids in wanted.items():
        shelf = shelves.get(title) or catalog_service.create_collection(NewCollection(title=title), by=by).id
        shelves[title] = shelf
        standing = catalog.product_ids_in(shelf)
        if not set(product_ids) <= set(standing):
            catalog_service.put_products(shelf, list(dict.fromkeys([*standing, *product_ids])), by=by)


def _describe_pictures(draft: ProductDraft, here: Present | None, by: Actor) -> None:
    for picture in draft.pictures:
        image = here.shows(picture.url) if here else None
        if image and picture.alt and image.alt != picture.alt:
            catalog_service.describe_image(image.product_id, image.id, picture.alt, variant_id=image.variant_id, by=by)


def _note(rows: list[ImportRow], draft: ProductDraft, product: Product, here: Present | None, state: str) -> None:
    wanted = {picture.line for picture in draft.pictures if here is None or not here.shows(picture.url)}
    for row in rows:
        if row.state == "waiting":
            row.state = state
        row.product_id = product.id
        row.picture_state = "waiting" if row.line in wanted else "none"
