"""Reading imports, their rows, and the products they meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.core import db, keyset
from app.core.errors import NotFound
from app.shop.catalog.importing.models import ImportRow, ProductImport
from app.shop.catalog.models import Collection, CollectionProduct, Image, Product, Variant
from app.shop.catalog.programs import ImportFilter

ROWS_A_PAGE = 100


def import_by_id(import_id: UUID) -> ProductImport:
    """One import. Raises NotFound."""
    return _one(select(ProductImport).where(ProductImport.id == import_id))


def lock_import(import_id: UUID) -> ProductImport:
    """One import, locked, so that two workers never apply the same rows. Raises NotFound."""
    wanted = select(ProductImport).where(ProductImport.id == import_id).with_for_update()
    return _one(wanted.execution_options(populate_existing=True))


def recent_imports(most: int = 20) -> list[ProductImport]:
    """The newest imports first."""
    wanted = select(ProductImport).order_by(ProductImport.created_at.desc(), ProductImport.id.desc()).limit(most)
    return list(db.session.scalars(wanted))


def imports_page(asked: ImportFilter) -> keyset.Slice[ProductImport]:
    """One page of imports by when they were begun."""
    order = keyset.Order(ProductImport.created_at, ProductImport.id, asked.sort == "-created_at")
    statement = keyset.within(select(ProductImport), asked, ProductImport.created_at)
    return keyset.fetch(db.session, statement, order, asked.cursor or "", asked.limit)


def counts_of(import_ids: list[UUID]) -> dict[UUID, tuple[dict[str, int], dict[str, int], dict[str, int]]]:
    """What each import would do to products, the states of its lines, and of its pictures. One statement."""
    columns = (ImportRow.import_id, ImportRow.verdict, ImportRow.state, ImportRow.picture_state)
    wanted = select(*columns, func.count(), func.count(func.distinct(ImportRow.handle)))
    rows = db.session.execute(wanted.where(ImportRow.import_id.in_(import_ids)).group_by(*columns))
    found: dict[UUID, tuple[Counter[str], Counter[str], Counter[str]]] = {
        one: (Counter(), Counter(), Counter()) for one in import_ids
    }
    for import_id, verdict, state, picture, lines, products in rows:
        told = found[import_id]
        told[0][verdict] += lines if verdict == "error" else products
        told[1][state] += lines
        told[2][picture] += lines if picture != "none" else 0
    return {one: (dict(told[0]), dict(told[1]), {k: n for k, n in told[2].items() if n}) for one, told in found.items()}


def states(import_id: UUID) -> Counter[str]:
    """How many rows of an import are in which state."""
    wanted = select(ImportRow.state, func.count()).where(ImportRow.import_id == import_id).group_by(ImportRow.state)
    return Counter(dict(db.session.execute(wanted).all()))


def verdicts(import_id: UUID) -> Counter[str]:
    """How many different products would be created, updated or left alone, and how many rows have an error."""
    rows = select(ImportRow.verdict, func.count(func.distinct(ImportRow.handle))).where(
        ImportRow.import_id == import_id, ImportRow.verdict != "error"
    )
    found = Counter(dict(db.session.execute(rows.group_by(ImportRow.verdict)).all()))
    wrong = (
        select(func.count())
        .select_from(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.verdict == "error")
    )
    found["error"] = db.session.execute(wrong).scalar_one()
    return found


def pictures(import_id: UUID) -> Counter[str]:
    """How many pictures of an import are in which state."""
    wanted = select(ImportRow.picture_state, func.count()).where(ImportRow.import_id == import_id)
    return Counter(dict(db.session.execute(wanted.group_by(ImportRow.picture_state)).all()))


def rows_page(import_id: UUID, *, only_problems: bool, cursor: str, size: int = ROWS_A_PAGE) -> keyset.Slice[ImportRow]:
    """One page of an import's rows by line."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id)
    if only_problems:
        wanted = wanted.where((ImportRow.problem != "") | (ImportRow.warning != "") | (ImportRow.picture_problem != ""))
    order = keyset.Order(ImportRow.line, ImportRow.id, descending=False)
    return keyset.fetch(db.session, wanted, order, cursor, size)


def all_rows(import_id: UUID) -> list[ImportRow]:
    """Every row of an import by line."""
    return list(db.session.scalars(select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.line)))


def waiting_handles(import_id: UUID, most: int) -> list[str]:
    """The next products of an import that have not been brought in, in the order of the file."""
    wanted = (
        select(ImportRow.handle)
        .where(ImportRow.import_id == import_id, ImportRow.state == "waiting")
        .group_by(ImportRow.handle)
        .order_by(func.min(ImportRow.line))
        .limit(most)
    )
    return list(db.session.scalars(wanted))


def rows_of(import_id: UUID, handles: Iterable[str]) -> dict[str, list[ImportRow]]:
    """All rows of these products by handle, in the order of the file."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.handle.in_(list(handles)))
    found: dict[str, list[ImportRow]] = defaultdict(list)
    for row in db.session.scalars(wanted.order_by(ImportRow.line).execution_options(populate_existing=True)):
        found[row.handle].append(row)
    return found


def waiting_pictures(import_id: UUID, most: int) -> list[ImportRow]:
    """Rows whose picture has not been fetched yet, of products that are there."""
    wanted = (
        select(ImportRow)
        .where(
            ImportRow.import_id == import_id, ImportRow.picture_state == "waiting", ImportRow.product_id.is_not(None)
        )
        .order_by(ImportRow.line)
        .limit(most)
    )
    return list(db.session.scalars(wanted))


def products_by_handle(handles: Iterable[str]) -> dict[str, Product]:
    """The products that have one of these handles."""
    return {row.handle: row for row in db.session.scalars(select(Product).where(Product.handle.in_(list(handles))))}


def variants_of(product_ids: Iterable[UUID]) -> dict[UUID, list[Variant]]:
    """Variants by product in their order."""
    wanted = select(Variant).where(Variant.product_id.in_(list(product_ids))).order_by(Variant.position, Variant.id)
    return _grouped(db.session.scalars(wanted.execution_options(populate_existing=True)))


def images_of(product_ids: Iterable[UUID]) -> dict[UUID, list[Image]]:
    """Pictures by product in their order."""
    wanted = select(Image).where(Image.product_id.in_(list(product_ids))).order_by(Image.position, Image.id)
    return _grouped(db.session.scalars(wanted))


def shelves_of(product_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Titles of the collections that each product stands in."""
    wanted = (
        select(CollectionProduct.product_id, Collection.title)
        .join(
            Collection,
            and_(Collection.tenant_id == CollectionProduct.tenant_id, Collection.id == CollectionProduct.collection_id),
        )
        .where(CollectionProduct.product_id.in_(list(product_ids)))
        .order_by(Collection.title)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for product_id, title in db.session.execute(wanted):
        found[product_id].append(title)
    return found


def products_after(handle: str, most: int) -> list[Product]:
    """Products by handle from behind the given one, for an export in pieces."""
    wanted = select(Product).where(Product.handle > handle, Product.status != "deleted")
    return list(db.session.scalars(wanted.order_by(Product.handle).limit(most)))


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(row)
    return found


def _one(statement: Any) -> ProductImport:
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row  # type: ignore[no-any-return]  # the statement selects imports only
