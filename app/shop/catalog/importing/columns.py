"""The columns of a product file: ours, and how Shopify's are called in ours."""

OWN = (
    "handle", "title", "description", "vendor", "kind", "tags", "status", "collections", "seo_title", "seo_description",
    "option1_name", "option1_value", "option2_name", "option2_value", "option3_name", "option3_value",
    "sku", "barcode", "price", "compare_at_price", "weight_grams", "stock", "tracks_stock", "continue_selling",
    "image_url", "image_alt", "variant_image_url",
)  # fmt: skip
"""Our format, in the order in which an export writes it. `docs/reference/product-csv.md` explains each."""

SHOPIFY = {
    "handle": "handle",
    "url handle": "handle",
    "title": "title",
    "body (html)": "description",
    "description": "description",
    "vendor": "vendor",
    "type": "kind",
    "tags": "tags",
    "published": "published",
    "published on online store": "published",
    "status": "status",
    "option1 name": "option1_name",
    "option1 value": "option1_value",
    "option2 name": "option2_name",
    "option2 value": "option2_value",
    "option3 name": "option3_name",
    "option3 value": "option3_value",
    "variant sku": "sku",
    "sku": "sku",
    "variant grams": "weight_grams",
    "weight value (grams)": "weight_grams",
    "variant inventory tracker": "tracker",
    "inventory tracker": "tracker",
    "variant inventory qty": "stock",
    "inventory quantity": "stock",
    "variant inventory policy": "policy",
    "variant price": "price",
    "price": "price",
    "variant compare at price": "compare_at_price",
    "compare-at price": "compare_at_price",
    "variant barcode": "barcode",
    "barcode": "barcode",
    "image src": "image_url",
    "product image url": "image_url",
    "image alt text": "image_alt",
    "gift card": "gift_card",
    "seo title": "seo_title",
    "seo description": "seo_description",
    "variant image": "variant_image_url",
    "variant image url": "variant_image_url",
}
"""Shopify's headings in small letters, the classic and the newer spelling, and our column for each."""

SHOPIFY_WITHOUT_PLACE = {
    "image position", "product category", "variant fulfillment service", "variant requires shipping", "variant taxable",
    "variant weight unit", "variant tax code", "cost per item", "fulfillment service", "requires shipping",
}  # fmt: skip
"""Shopify's columns that mean something there and nothing here."""

SHOPIFY_WITHOUT_PLACE_PREFIXES = ("google shopping /", "included /", "price /", "compare at price /", "metafield:")

REQUIRED = {"own": ("handle", "title", "price"), "shopify": ("handle", "title", "price")}
MOST_OPTIONS = 3


def means_nothing_here(heading: str) -> bool:
    """Is this one of Shopify's own columns that we know and leave?"""
    return heading in SHOPIFY_WITHOUT_PLACE or heading.startswith(SHOPIFY_WITHOUT_PLACE_PREFIXES)
