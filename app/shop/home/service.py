"""Everything that the home room changes."""

from app.core.access import Actor
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.errors import CurrencyIsFixed
from app.platform.tenancy.models import Shop
from app.platform.tenancy.schemas import ShopSettings
from app.shop.catalog import service as catalog
from app.shop.home.schemas import GeneralSettings
from app.shop.orders import queries as orders


def change_settings(form: GeneralSettings, *, by: Actor) -> Shop:
    """Write the general settings. Raises CurrencyIsFixed once there are orders in another currency."""
    shop = tenancy.current_shop()
    currency = form.currency or shop.currency
    if currency != shop.currency and orders.has_any():
        raise CurrencyIsFixed(currency=shop.currency)
    address = {
        "line1": form.line1,
        "line2": form.line2,
        "postal_code": form.postal_code,
        "city": form.city,
        "region": form.region,
    }
    wanted = ShopSettings(
        name=form.name, legal_name=form.legal_name, contact_email=form.contact_email, country=shop.country,
        address={key: value for key, value in address.items() if value} | {"country": shop.country},
        currency=currency, locale=shop.locale, timezone=form.timezone, weight_unit=form.weight_unit,
        prices_include_tax=form.tax == "included" if form.tax else shop.prices_include_tax,
        announcement=form.announcement,
    )  # fmt: skip
    changed = tenancy_service.update_shop(wanted, by=by)
    tenancy_service.rename(form.name)
    return changed


def remove_samples(*, by: Actor) -> None:
    """Take the demo catalogue out of the shop."""
    catalog.remove_samples(by=by)
