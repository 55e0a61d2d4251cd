"""Everything that changes the catalogue."""

from app.shop.catalog.service.collections import (
    arrange_collections,
    create_collection,
    delete_collection,
    put_products,
    restore_collection,
    set_collection_image,
    update_collection,
)
from app.shop.catalog.service.counting import recount, shops_to_recount
from app.shop.catalog.service.images import add_image, arrange_images, describe_image, remove_image
from app.shop.catalog.service.indexing import index_product
from app.shop.catalog.service.products import (
    bring_back,
    create_product,
    create_products,
    delete_product,
    finish_deleting,
    put_aside,
    remove_samples,
    set_prices,
    set_status,
    set_tags,
    update_product,
)
from app.shop.catalog.service.stock import count_sold, move_stock, put_back_stock, set_stock, take_stock
from app.shop.catalog.service.together import count_together

__all__ = [
    "add_image",
    "arrange_collections",
    "arrange_images",
    "bring_back",
    "count_sold",
    "count_together",
    "create_collection",
    "create_product",
    "create_products",
    "delete_collection",
    "delete_product",
    "describe_image",
    "finish_deleting",
    "index_product",
    "move_stock",
    "put_aside",
    "put_back_stock",
    "put_products",
    "recount",
    "remove_image",
    "remove_samples",
    "restore_collection",
    "set_collection_image",
    "set_prices",
    "set_status",
    "set_stock",
    "set_tags",
    "shops_to_recount",
    "take_stock",
    "update_collection",
    "update_product",
]
