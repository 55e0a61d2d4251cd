"""Making the entered tenant agree with a pack. Applying the same pack again changes nothing.

Each part is compared with what `reading` finds in the database and written only where they differ. Stock is set when a
variant is new and left to the shop afterwards; products that the pack does not name stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.console.onboarding import goods, reading
from app.console.onboarding.shelf import Shelf
from app.core.access import Actor
from app.platform.branding import queries as branding
from app.platform.branding import service as branding_service
from app.platform.tenancy import packs
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.countries import country_or_default
from app.platform.tenancy.errors import CurrencyIsFixed, PackProblem
from app.platform.tenancy.packs import Folder
from app.platform.tenancy.schemas import ShopSettings
from app.shop.catalog import queries as catalog
from app.shop.orders import queries as orders
from app.shop.pages import queries as pages
from app.shop.pages import service as pages_service
from app.shop.pages.schemas import AnySection, MenuLink, NewPage
from app.shop.payments import queries as payments
from app.shop.payments import service as payments_service
from app.shop.shipping import queries as shipping
from app.shop.shipping import service as shipping_service
from app.shop.shipping.schemas import DeliveryZone, NewRate
from app.ui.theme import BrandTokens

Progress = Callable[[str, int, int], None]


def _silent(what: str, done: int, whole: int) -> None:
    """Nobody watches."""


@dataclass
class Applied:
    """What an application changed, a phrase each; empty when the database agreed already."""

    changes: list[str] = field(default_factory=list)

    def note(self, what: str, *, when: bool = True) -> None:
        """Write down a change."""
        if when:
            self.changes.append(what)


def apply(folder: Folder, *, by: Actor, progress: Progress = _silent) -> Applied:
    """Make the entered tenant agree with all of a pack. Raises PackProblem, CurrencyIsFixed."""
    applied, shelf = Applied(), Shelf(folder)
    applied.note("shop", when=settings(folder.pack.shop, by=by))
    applied.note("brand", when=brand(folder, shelf, by=by))
    goods.apply(folder, shelf, applied.changes, by=by, progress=progress)
    applied.note("home page", when=home(folder, shelf, by=by))
    applied.note("menus", when=menus(folder.pack.menus, by=by))
    applied.note("pages", when=text_pages(folder.pack.pages, by=by))
    applied.note("delivery", when=delivery(folder.pack.delivery, by=by))
    applied.note("payment", when=payment(folder.pack.payment, by=by))
    shelf.save()
    return applied


def settings(wanted: packs.PackShop, *, by: Actor) -> bool:
    """The general settings. Raises CurrencyIsFixed."""
    shop = tenancy.current_shop()
    country = country_or_default(wanted.country)
    currency = wanted.currency or country.currency
    if currency != shop.currency and orders.has_any():
        raise CurrencyIsFixed(currency=shop.currency)
    includes_tax = country.prices_include_tax if wanted.prices_include_tax is None else wanted.prices_include_tax
    agreed = ShopSettings(
        name=wanted.name, legal_name=wanted.legal_name or wanted.name,
        contact_email=wanted.contact_email or shop.contact_email, address=wanted.address.to_dict(),
        country=wanted.country, currency=currency, locale=wanted.locale or country.locale,
        timezone=wanted.timezone or country.timezone, weight_unit=wanted.weight_unit or country.weight_unit,
        prices_include_tax=includes_tax, announcement=wanted.announcement,
    )  # fmt: skip
    if tenancy_service.settings_of(shop) == agreed:
        return False
    tenancy_service.update_shop(agreed, by=by)
    tenancy_service.rename(wanted.name)
    return True


def brand(folder: Folder, shelf: Shelf, *, by: Actor) -> bool:
    """Tokens, words and logo; published at once."""
    table = dict(folder.pack.brand)
    if not table:
        return False
    logo = table.pop("logo", None)
    tokens = branding.published().tokens
    wanted = msgspec.structs.replace(_tokens(folder, table), logo_key=tokens.logo_key if logo else None)
    new_logo = logo is not None and (tokens.logo_key is None or shelf.key_of(logo, "brand") != tokens.logo_key)
    if wanted == tokens and not new_logo:
        return False
    if new_logo:
        branding_service.save_draft(wanted, by=by)
        draft = branding_service.set_logo(folder.image(logo), by=by)
        shelf.remember(logo, draft.tokens["logo_key"])
        branding_service.publish(by=by)
    else:
        branding_service.publish_tokens(wanted, by=by)
    return True


def _tokens(folder: Folder, table: dict[str, Any]) -> BrandTokens:
    try:
        return BrandTokens.from_toml(table)
    except Exception as refused:
        errors = getattr(refused, "errors", None)
        if not errors:
            raise
        key, sentence = next(iter(errors.items()))
        raise PackProblem(file=f"{folder.path}/tenant.toml", where="", problem=f"brand.{key}: {sentence}") from refused


def home(folder: Folder, shelf: Shelf, *, by: Actor) -> bool:
    """The bands of the home page."""
    if not folder.pack.home:
        return False
    try:
        wanted = [msgspec.convert(_section(table, shelf), AnySection) for table in folder.pack.home]
    except msgspec.ValidationError as refused:
        raise PackProblem(file=f"{folder.path}/tenant.toml", where="", problem=f"home: {refused}") from refused
    if wanted == pages.home_sections():
        return False
    pages_service.write_home(wanted, by=by)
    return True


def _section(table: dict[str, Any], shelf: Shelf) -> dict[str, Any]:
    section = dict(table)
    alt = section.pop("image_alt", "")
    if "image" in section:
        section["image"] = shelf.picture(section["image"]) | {"alt": alt}
    return section


def menus(wanted: dict[str, list[packs.PackMenuItem]], *, by: Actor) -> bool:
    """The menus that the pack names; others stay."""
    changed = False
    for handle, items in wanted.items():
        links = [(item.label, item.href) for item in items]
        if links != [(link.label, link.href) for link in pages.menu(handle)]:
            pages_service.write_menu(handle, [MenuLink(label, href) for label, href in links], by=by)
            changed = True
    return changed


def text_pages(wanted: list[packs.PackPage], *, by: Actor) -> bool:
    """The pages that the pack names; others stay."""
    changed = False
    for one in wanted:
        row = pages.find_page(one.handle)
        if row is None or (row.title, row.body, row.status) != (one.title.strip(), one.body.strip(), "active"):
            pages_service.write_page(NewPage(title=one.title, handle=one.handle, body=one.body), by=by)
            changed = True
    return changed


def delivery(wanted: list[packs.PackDelivery], *, by: Actor) -> bool:
    """All zones and flat rates; a pack without any leaves delivery alone."""
    currency = tenancy.current_shop().currency
    if not wanted or wanted == reading.delivery(currency):
        return False
    zones: dict[str, DeliveryZone] = {}
    for one in wanted:
        settings = {"amount": reading.minor(one.amount, currency), "free_from": None}
        if one.free_from is not None:
            settings["free_from"] = reading.minor(one.free_from, currency)
        zone = zones.get(one.zone) or DeliveryZone(one.zone, tuple(one.countries))
        rate = NewRate(one.name, "flat", settings, one.days)
        zones[one.zone] = DeliveryZone(zone.name, zone.countries, (*zone.rates, rate))
    before = shipping.delivery()
    shipping_service.write_delivery(list(zones.values()), by=by)
    return shipping.delivery() != before


def payment(wanted: list[packs.PackPayment], *, by: Actor) -> bool:
    """Which ways to pay are on; a pack without any leaves them alone."""
    if not wanted:
        return False
    by_code = {one.code: one for one in wanted}
    changed = False
    for method in payments.all_methods():
        one = by_code.get(method.code)
        title = one.title or method.title if one else method.title
        text = one.instructions or method.instructions if one else method.instructions
        if (method.is_enabled, method.title, method.instructions) != (one is not None, title, text):
            payments_service.set_method(method.code, enabled=one is not None, title=title, instructions=text, by=by)
            changed = True
    return changed


def products_left_alone(folder: Folder) -> int:
    """How many products the tenant has that the pack does not name."""
    return catalog.count_products() - sum(
        catalog.find_product(product.handle) is not None for product in folder.catalogue.products
    )
