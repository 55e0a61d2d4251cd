"""Many writes of products, variants, prices and stock in one request."""

from app.core.rest_bulk import many
from app.shop.catalog.api.entrance import door
from app.shop.catalog.api.variants import change_variant, set_stock
from app.shop.catalog.api.writing import create_product, update_product

many(door, "/products", create=create_product, update=update_product)
many(door, "/variants", update=change_variant)
many(door, "/stock", update=set_stock)
