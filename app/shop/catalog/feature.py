"""The catalogue's card."""

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.shop.catalog import api, backoffice, commands, jobs, models, storefront
from app.shop.catalog.importing import models as importing_models

feature = Feature(
    name="catalog",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "products.read": mark("See products, stock and collections"),
        "products.edit": mark("Change products, stock and collections"),
        "products.import": mark("Import and export products"),
    },
    menu=(
        MenuEntry(mark("Products"), "catalog_backoffice.index", icon="package", permission="products.read", place=30),
    ),
    models=(models, importing_models),
    jobs=(jobs,),
    cli=(commands.imports, commands.exports),
)
