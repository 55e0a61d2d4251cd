"""Everything that reads the catalogue."""

from app.shop.catalog.queries.collections import (
    collection_by_handle,
    collection_tiles,
    collections,
    lock_collection,
    product_ids_in,
)
from app.shop.catalog.queries.facets import Facets, facets
from app.shop.catalog.queries.listing import FEW, Narrowing, card_of, cards_of, listing, newest_cards, related_cards
from app.shop.catalog.queries.products import (
    check_products_exist,
    count_products,
    find_product,
    free_handle,
    images_of,
    lock_product,
    lock_variants,
    low_stock,
    product_by_handle,
    product_by_id,
    products_page,
    public_addresses,
    stock_left,
    variants_by_ids,
)
from app.shop.catalog.queries.search import Match, filed_words, matches_for, suggestions, words_of_product

__all__ = [
    "FEW",
    "Facets",
    "Match",
    "Narrowing",
    "card_of",
    "cards_of",
    "check_products_exist",
    "collection_by_handle",
    "collection_tiles",
    "collections",
    "count_products",
    "facets",
    "filed_words",
    "find_product",
    "free_handle",
    "images_of",
    "listing",
    "lock_collection",
    "lock_product",
    "lock_variants",
    "low_stock",
    "matches_for",
    "newest_cards",
    "product_by_handle",
    "product_by_id",
    "product_ids_in",
    "products_page",
    "public_addresses",
    "related_cards",
    "stock_left",
    "suggestions",
    "variants_by_ids",
    "words_of_product",
]
