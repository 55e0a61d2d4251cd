"""How the home page joins the brand's versions, the editor's frame and the social cards."""

from __future__ import annotations

from app.core.i18n import mark
from app.platform.branding import hooks
from app.platform.branding.hooks import Card, Preview
from app.shop.catalog import queries as catalog
from app.shop.pages import bands, queries


def start(_app: object = None) -> None:
    """Say once what this room brings."""
    hooks.keeps_home(bands.describe, bands.show)
    if previews not in hooks.previews:
        hooks.previews.append(previews)
    hooks.cards.update(products=_product, collections=_collection, pages=_page)


def previews() -> list[Preview]:
    """A shelf, and the newest product where there is one."""
    cards = catalog.newest_cards(1)
    product = [Preview(mark("Product"), f"/products/{card.handle}", 20) for card in cards]
    return [*product, Preview(mark("Collection"), "/collections/all", 30)]


def _product(handle: str) -> Card:
    found = catalog.product_by_handle(handle)
    return Card(found.title, picture=found.images[0].key if found.images else "")


def _collection(handle: str) -> Card:
    return Card(catalog.collection_by_handle(handle).title)


def _page(handle: str) -> Card:
    return Card(queries.page_by_handle(handle).title)
