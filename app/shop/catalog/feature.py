"""The catalogue's card."""

from flask import Flask

from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.tenancy import hooks as plan_hooks
from app.shop.catalog import api, backoffice, commands, jobs, models, queries, storefront, texts, trail
from app.shop.catalog.importing import models as importing_models


def count_for_plans(app: Flask) -> None:
    """Let plans ask how much there is of what they limit."""
    plan_hooks.counts["products"] = queries.count_for_plan


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
    actions=(
        MenuEntry(
            mark("New product"),
            "catalog_backoffice.new",
            icon="plus",
            permission="products.edit",
            words=mark("add create article"),
        ),
        MenuEntry(
            mark("Collections"),
            "catalog_backoffice.list_collections",
            icon="layers",
            permission="products.read",
            words=mark("categories shelves"),
        ),
        MenuEntry(
            mark("New collection"),
            "catalog_backoffice.new_collection",
            icon="plus",
            permission="products.edit",
            words=mark("add create category"),
        ),
        MenuEntry(
            mark("Import products"),
            "catalog_backoffice.list_imports",
            icon="upload",
            permission="products.import",
            words=mark("CSV upload"),
        ),
        MenuEntry(
            mark("Export products"),
            "catalog_backoffice.export_products",
            icon="download",
            permission="products.import",
            words=mark("CSV download"),
        ),
    ),
    models=(models, importing_models),
    jobs=(jobs,),
    on_start=(texts.start, count_for_plans),
    cli=(commands.imports, commands.exports),
    trail=trail.trail,
)
