"""A tenant's database as a pack: what `tenants export` writes, and what applying a pack compares with."""

from __future__ import annotations

from typing import Any

import msgspec

from app.console.onboarding.shelf import Shelf
from app.core import money, storage
from app.platform.branding import queries as branding
from app.platform.tenancy import packs
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Shop
from app.shop.catalog import queries as catalog
from app.shop.catalog.schemas import ProductsWanted, ProductView, VariantView
from app.shop.pages import queries as pages
from app.shop.pages.schemas import MENUS
from app.shop.payments import queries as payments
from app.shop.shipping import queries as shipping
from app.shop.shipping.schemas import DeliveryZone, NewRate

A_PAGE = 100


def tenant(shelf: Shelf) -> packs.Pack:
    """The entered tenant as tenant.toml; pictures are named as the shelf knows them."""
    shop = tenancy.current_shop()
    return packs.Pack(
        shop=settings(shop),
        brand=brand(shelf),
        home=home(shelf),
        menus=menus(),
        pages=text_pages(),
        delivery=delivery(shop.currency),
        payment=payment(),
    )


def catalogue(shelf: Shelf) -> packs.Catalogue:
    """The entered tenant's products and collections as products.toml."""
    shop = tenancy.current_shop()
    products = [product(view, shelf, shop.currency) for view in every_product()]
    handles = {view.id: view.handle for view in every_product()}
    shelves = [
        packs.PackCollection(
            handle=row.handle,
            title=row.title,
            description=row.description_html,
            status="active" if row.status == "active" else "draft",
            image=shelf.name_of(row.image_key, f"collection-{row.handle}") if row.image_key else "",
            products=[handles[identity] for identity in catalog.product_ids_in(row.id)],
        )
        for row, _ in catalog.collections()
    ]
    return packs.Catalogue(collections=shelves, products=products)


def settings(shop: Shop) -> packs.PackShop:
    """The general settings."""
    return packs.PackShop(
        name=shop.name, country=shop.country, currency=shop.currency, locale=shop.locale, timezone=shop.timezone,
        weight_unit=shop.weight_unit, prices_include_tax=shop.prices_include_tax,  # type: ignore[arg-type]  # the table allows no other
        legal_name=shop.legal_name, contact_email=shop.contact_email, announcement=shop.announcement,
        address=packs.PackAddress.from_dict(shop.address),
    )  # fmt: skip


def brand(shelf: Shelf) -> dict[str, Any]:
    """The published tokens; the logo by the name of its file."""
    table = branding.published().tokens.to_table()
    logo = table.pop("logo_key", None)
    return table | ({"logo": shelf.name_of(logo, "logo")} if logo else {})


def home(shelf: Shelf) -> list[dict[str, Any]]:
    """The bands of the home page; pictures by name."""
    return [_section(one, place, shelf) for place, one in enumerate(pages.home_sections())]


def _section(section: Any, place: int, shelf: Shelf) -> dict[str, Any]:
    table = {key: value for key, value in msgspec.to_builtins(section).items() if value not in ("", None, [])}
    image = table.pop("image", None)
    if image:
        table["image"] = shelf.name_of(image["key"], f"home-{place + 1}")
        table |= {"image_alt": image["alt"]} if image.get("alt") else {}
    return table


def menus() -> dict[str, list[packs.PackMenuItem]]:
    """Every menu that has links."""
    found = {handle: pages.menu(handle) for handle in MENUS}
    return {
        handle: [packs.PackMenuItem(label=link.label, href=link.href) for link in links]
        for handle, links in found.items()
        if links
    }


def text_pages() -> list[packs.PackPage]:
    """Every text page that shoppers see."""
    return [
        packs.PackPage(handle=page.handle, title=page.title, body=page.body) for page in pages.pages(only_active=True)
    ]


def delivery(currency: str) -> list[packs.PackDelivery]:
    """Flat rates, one entry each; a weight table stays in the database, since a pack has no place for it."""
    return [
        _rate(zone, rate, currency) for zone in shipping.delivery() for rate in zone.rates if rate.provider == "flat"
    ]


def _rate(zone: DeliveryZone, rate: NewRate, currency: str) -> packs.PackDelivery:
    free_from = rate.settings.get("free_from")
    return packs.PackDelivery(
        zone=zone.name,
        name=rate.name,
        amount=decimal(rate.settings.get("amount", 0), currency),
        countries=list(zone.countries),
        free_from=decimal(free_from, currency) if free_from is not None else None,
        days=rate.delivery_time,
    )


def payment() -> list[packs.PackPayment]:
    """The ways to pay that are switched on. Keys and secrets never leave the database."""
    return [
        packs.PackPayment(code=method.code, title=method.title, instructions=method.instructions or "")
        for method in payments.all_methods()
        if method.is_enabled
    ]


def every_product() -> list[ProductView]:
    """All products in any status, the oldest first."""
    found: list[ProductView] = []
    after = None
    while True:
        some = catalog.products_page(ProductsWanted(), after, A_PAGE)
        found += some
        if len(some) < A_PAGE:
            return found[::-1]
        after = (some[-1].created_at, some[-1].id)


def product(view: ProductView, shelf: Shelf, currency: str) -> packs.PackProduct:
    """One product with its variants and pictures."""
    by_id = {variant.id: variant for variant in view.variants}
    return packs.PackProduct(
        handle=view.handle, title=view.title, description=view.description_html, vendor=view.vendor, kind=view.kind,
        tags=list(view.tags), status=view.status,  # type: ignore[arg-type]  # the table allows no other
        seo_title=view.seo_title, seo_description=view.seo_description,
        options=[packs.PackOption(name=one["name"], values=list(one["values"])) for one in view.options],
        variants=[_variant(variant, currency) for variant in view.variants],
        images=[
            packs.PackImage(
                file=shelf.name_of(image.key, f"{view.handle}-{place}"),
                alt=image.alt,
                variant=list(by_id[image.variant_id].options) if image.variant_id in by_id else [],
            )
            for place, image in enumerate(view.images, 1)
        ],
    )  # fmt: skip


def _variant(variant: VariantView, currency: str) -> packs.PackVariant:
    return packs.PackVariant(
        price=decimal(variant.price, currency), options=list(variant.options), sku=variant.sku,
        compare_at=decimal(variant.compare_at, currency) if variant.compare_at is not None else None,
        weight_grams=variant.weight_grams, barcode=variant.barcode, on_hand=variant.on_hand,
        tracks_stock=variant.tracks_stock, continue_selling=variant.continue_selling,
    )  # fmt: skip


def decimal(amount: int, currency: str) -> str:
    """Minor units as packs write prices: 6400 in euro is "64.00"."""
    places = money.exponent(currency)
    whole, rest = divmod(amount, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def minor(price: str, currency: str) -> int:
    """The other way round; further decimals than the currency has are cut."""
    whole, _, rest = price.partition(".")
    places: int = money.exponent(currency)
    amount: int = int(whole) * 10**places + int((rest + "0" * places)[:places] or 0)
    return amount


def pictures(shelf: Shelf, pack: packs.Pack, goods: packs.Catalogue) -> dict[str, bytes]:
    """The files that the two parts name, read from storage."""
    keys: dict[str, str] = {}
    for place, section in enumerate(pages.home_sections()):
        image = getattr(section, "image", None)
        if image:
            keys[shelf.name_of(image.key, f"home-{place + 1}")] = image.key
    for row, _ in catalog.collections():
        if row.image_key:
            keys[shelf.name_of(row.image_key, f"collection-{row.handle}")] = row.image_key
    for view in every_product():
        keys |= {
            shelf.name_of(image.key, f"{view.handle}-{place}"): image.key for place, image in enumerate(view.images, 1)
        }
    logo = branding.published().tokens.logo_key
    if logo:
        keys[shelf.name_of(logo, "logo")] = logo
    return {name: storage.read(key) for name, key in keys.items()}
