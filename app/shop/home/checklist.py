"""What is left to set up. Each item looks at the shop itself; nobody keeps a list in step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.core.i18n import mark
from app.platform.branding import queries as branding
from app.platform.staff import queries as staff
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Shop
from app.shop.catalog import queries as catalog
from app.shop.orders import queries as orders
from app.shop.payments import queries as payments


@dataclass(frozen=True)
class Item:
    """One thing to do: a sentence, the path of the page where it is done, and how to see that it is."""

    name: str
    title: str
    text: str
    path: str
    permission: str
    is_done: Callable[[Shop], bool]
    can_be_skipped: bool = True


@dataclass(frozen=True)
class Line:
    """An item as the page shows it."""

    item: Item
    is_done: bool


def _sells_its_own(shop: Shop) -> bool:
    return catalog.count_products() > catalog.count_samples()


def _takes_real_money(shop: Shop) -> bool:
    return any(method.is_enabled and method.code != "testpay" for method in payments.all_methods())


def _has_colleagues(shop: Shop) -> bool:
    return len(staff.all_staff()) > 1 or bool(staff.open_invitations())


def _has_domain(shop: Shop) -> bool:
    return any(domain.verified_at for domain in tenancy.domains_of(shop.tenant_id))


ITEMS = (
    Item(
        "product", mark("Add your first product"), mark("With its price, stock and pictures."),
        "/admin/products", "products.edit", _sells_its_own,
    ),
    Item(
        "samples", mark("Remove the samples"), mark("The sample products leave with one click."),
        "/admin/samples", "products.edit", lambda shop: catalog.count_samples() == 0,
    ),
    Item(
        "brand", mark("Make it look like you"), mark("A logo or a colour; everything follows from it."),
        "/admin/branding", "branding.edit", lambda shop: branding.published_version() is not None,
    ),
    Item(
        "payment", mark("Take real payments"), mark("Test payments move no money."),
        "/admin/settings/payments", "payments.manage", _takes_real_money,
    ),
    Item(
        "company", mark("Say who sells"), mark("Company name and address, for the law and for invoices."),
        "/admin/settings", "settings.write", lambda shop: bool(shop.legal_name and shop.address.get("line1")),
    ),
    Item(
        "order", mark("Place a test order"), mark("Buy something in your own shop, from the bag to the e-mail."),
        "/admin/orders", "orders.read", lambda shop: orders.has_any(),
    ),
    Item(
        "staff", mark("Invite a colleague"), mark("A manager sees everything but staff."),
        "/admin/staff", "staff.write", _has_colleagues,
    ),
    Item(
        "domain", mark("Use your own domain"), mark("Your shop can answer at an address of your own."),
        "/admin/settings", "settings.write", _has_domain,
    ),
)  # fmt: skip
NAMES = tuple(item.name for item in ITEMS)


def lines() -> list[Line]:
    """Every item with its state; empty once all of them are done or taken off."""
    shop = tenancy.current_shop()
    found = [Line(item, item.name in shop.checklist_done or item.is_done(shop)) for item in ITEMS]
    return [] if all(line.is_done for line in found) else found
