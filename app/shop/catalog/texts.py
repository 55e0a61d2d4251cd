"""What of products and collections can be said in further languages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.i18n import gettext
from app.core.text import safe_html
from app.platform.translating.hooks import Original, Source, Text, sources
from app.shop.catalog import queries, staff_queries


def start(_app: object = None) -> None:
    """Say once what this room brings."""
    sources["product"] = Source(_product, _clean)
    sources["collection"] = Source(_collection, _clean)


def _product(product_id: UUID) -> Original:
    found = queries.product_by_id(product_id)
    return Original(found.title, f"/admin/products/{product_id}", _texts(found))


def _collection(collection_id: UUID) -> Original:
    found = staff_queries.collection_by_id(collection_id)
    return Original(found.title, f"/admin/collections/{collection_id}", _texts(found))


def _texts(found: Any) -> list[Text]:
    texts = [
        Text("title", gettext("Title"), found.title),
        Text("description_html", gettext("Description"), found.description_html, is_long=True),
        Text("seo_title", gettext("Title for search engines"), found.seo_title),
        Text("seo_description", gettext("Description for search engines"), found.seo_description),
    ]
    return [one for one in texts if one.text]


def _clean(field: str, text: str) -> str:
    """Descriptions are HTML and shown as such, so that they pass the same sieve as the original."""
    return safe_html(text) if field == "description_html" else text
