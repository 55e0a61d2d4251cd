"""What the audit trail says about the catalogue."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "product.created": mark("%(who)s created the product %(what)s"),
        "product.updated": mark("%(who)s changed the product %(what)s"),
        "product.active": mark("%(who)s put the product %(what)s on sale"),
        "product.draft": mark("%(who)s made the product %(what)s a draft"),
        "product.archived": mark("%(who)s archived the product %(what)s"),
        "product.priced": mark("%(who)s changed prices of the product %(what)s"),
        "product.tagged": mark("%(who)s changed the tags of the product %(what)s"),
        "product.put_aside": mark("%(who)s deleted the product %(what)s, which can be undone for a while"),
        "product.brought_back": mark("%(who)s brought the product %(what)s back"),
        "product.deleted": mark("%(who)s deleted the product %(what)s"),
        "product.image_added": mark("%(who)s added a picture to the product %(what)s"),
        "product.image_described": mark("%(who)s described a picture of the product %(what)s"),
        "product.image_removed": mark("%(who)s removed a picture from the product %(what)s"),
        "product.images_arranged": mark("%(who)s put the pictures of the product %(what)s in another order"),
        "variant.stock_set": mark("%(who)s counted the stock of %(what)s"),
        "variant.stock_moved": mark("%(who)s moved stock of %(what)s"),
        "collection.created": mark("%(who)s created the collection %(what)s"),
        "collection.updated": mark("%(who)s changed the collection %(what)s"),
        "collection.arranged": mark("%(who)s put the products of the collection %(what)s in another order"),
        "collection.image_set": mark("%(who)s changed the picture of the collection %(what)s"),
        "collection.deleted": mark("%(who)s deleted the collection %(what)s"),
        "collection.brought_back": mark("%(who)s brought the collection %(what)s back"),
        "collections.arranged": mark("%(who)s put the collections in another order"),
        "catalogue.samples_removed": mark("%(who)s removed the sample products"),
        "product_import.previewed": mark("%(who)s uploaded %(what)s to import products"),
        "product_import.confirmed": mark("%(who)s imported products from %(what)s"),
    },
    things={
        "product": mark("Product"),
        "variant": mark("Variant"),
        "product_image": mark("Picture of a product"),
        "collection": mark("Collection"),
        "collection_product": mark("Product in a collection"),
        "product_import": mark("Import"),
    },
)
