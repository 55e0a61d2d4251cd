"""The catalogue's card."""

from app.core.feature import Feature, MenuEntry
from app.shop.catalog import api, backoffice, commands, jobs, models, storefront
from app.shop.catalog.importing import models as importing_models

feature = Feature(
    name="catalog",
    doors=(storefront.door, backoffice.door, api.door),
    permissions={
        "products.read": "See products, stock and collections",
        "products.edit": "Change products, stock and collections",
        "products.import": "Import and export products",
    },
    menu=(MenuEntry("Products", "catalog_backoffice.index", icon="package", permission="products.read", place=30),),
    models=(models, importing_models),
    jobs=(jobs,),
    cli=(commands.imports, commands.exports),
)
