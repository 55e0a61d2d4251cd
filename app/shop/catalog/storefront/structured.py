"""What search engines and link previews read: schema.org data of a product."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from typing import Any

from app.core import money, storage
from app.shop.catalog.schemas import Card, Picture, ProductView, VariantView

LONGEST = 160
_TAG = re.compile(r"<[^>]*>")
IN_STOCK, SOLD_OUT = "https://schema.org/InStock", "https://schema.org/OutOfStock"


def trail(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Where a page stands: (name, absolute address) from the home page on (https://schema.org/BreadcrumbList)."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def list_of(cards: list[Card], address_of: Callable[[str], str]) -> dict[str, Any]:
    """The products of a grid in their order (https://schema.org/ItemList)."""
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": card.title, "url": address_of(card.handle)}
            for place, card in enumerate(cards, 1)
        ],
    }


def product_data(product: ProductView, address: str, origin: str, currency: str) -> dict[str, Any]:
    """A product and what it costs (https://schema.org/Product); `address` is the page's own."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "url": address,
        "description": description(product),
        "image": [picture_address(picture, origin) for picture in product.images[:6]],
        "offers": _offers(product.variants, address, currency),
    }
    if product.vendor:
        data["brand"] = {"@type": "Brand", "name": product.vendor}
    return data


def description(product: ProductView) -> str:
    """One line about the product: the one written for search engines, else the beginning of its text."""
    text = product.seo_description or " ".join(unescape(_TAG.sub(" ", product.description_html)).split())
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + "…"


def picture_address(picture: Picture, origin: str) -> str:
    """The absolute address of a picture."""
    return origin + storage.url(picture.key)


def _offers(variants: Sequence[VariantView], address: str, currency: str) -> Any:
    """One offer a variant; where their prices differ, held together by the range (https://schema.org/AggregateOffer)."""
    offers = [_offer(variant, address, currency) for variant in variants[:100]]
    prices = [variant.price for variant in variants]
    if not prices or min(prices) == max(prices):
        return offers
    low, high = (str(money.to_decimal(price, currency)) for price in (min(prices), max(prices)))
    return {
        "@type": "AggregateOffer",
        "lowPrice": low,
        "highPrice": high,
        "priceCurrency": currency,
        "offerCount": len(variants),
        "availability": IN_STOCK if any(variant.is_sellable for variant in variants) else SOLD_OUT,
        "offers": offers,
    }


def _offer(variant: VariantView, address: str, currency: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer",
        "url": f"{address}?variant={variant.id}",
        "price": str(money.to_decimal(variant.price, currency)),
        "priceCurrency": currency,
        "availability": IN_STOCK if variant.is_sellable else SOLD_OUT,
    }
    if variant.sku:
        offer["sku"] = variant.sku
    if variant.barcode.isdigit() and len(variant.barcode) in {8, 12, 13, 14}:
        offer["gtin"] = variant.barcode
    return offer
