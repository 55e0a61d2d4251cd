"""Everything that the home room changes."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from app.core import clock, db, i18n, isolation
from app.core.access import Actor
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.errors import CurrencyIsFixed
from app.platform.tenancy.models import Shop
from app.platform.tenancy.schemas import ShopSettings
from app.shop.catalog import service as catalog
from app.shop.checkout import queries as checkout
from app.shop.home import periods, queries
from app.shop.home.models import ProductDay, SalesDay
from app.shop.home.periods import Period
from app.shop.home.schemas import GeneralSettings
from app.shop.orders import queries as orders
from app.shop.orders import service as order_service
from app.shop.orders.queries.figures import Sold, SoldVariant

ROWS_AT_ONCE = 1000


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
    tenancy_service.keep_setting("languages", [one for one in i18n.LANGUAGES if one in form.languages])
    return changed


def remove_samples(*, by: Actor) -> None:
    """Take the demo catalogue out of the shop."""
    catalog.remove_samples(by=by)


def keep_days(days: int) -> None:
    """Count and keep each past day of a period and of the one before; those that are kept already stay.

    The row is locked before its day is counted: a change that comes meanwhile waits, and marks it stale afterwards.
    """
    period = periods.last(days, tenancy.current_shop().timezone)
    kept = queries.kept_days(period)
    for day in period.past_days():
        if day not in kept:
            _keep(day, period)


def recount() -> None:
    """Bring all that is kept beside orders up to date, after orders came in by other ways than the checkout.

    Kept days are counted anew when somebody looks.
    """
    order_service.recount()
    db.session.execute(update(SalesDay).values(is_stale=True))


def day_changed(order_id: UUID) -> None:
    """An order of a past day is not what it was when that day was counted."""
    zone = ZoneInfo(tenancy.current_shop().timezone)
    day = orders.by_id(order_id).placed_at.astimezone(zone).date()
    if day < clock.now().astimezone(zone).date():
        _touch(day)


def _keep(day: date, period: Period) -> None:
    _touch(day)
    row, start, end = queries.locked_day(day), period.start_of(day), period.start_of(day + timedelta(days=1))
    sold = orders.sales_by_day(start, end, period.timezone).get(day, Sold())
    bags = checkout.bags_by_day(start, end, period.timezone).get(day, 0)
    row.net, row.orders, row.timezone, row.is_stale = sold.amount, sold.orders, period.timezone, False
    row.bags = max(row.bags, bags)
    db.flush()
    _keep_products(day, orders.sold_variants(start, end))


def _keep_products(day: date, sold: Sequence[SoldVariant]) -> None:
    db.session.execute(delete(ProductDay).where(ProductDay.day == day))
    key = {"tenant_id": isolation.tenant_id(), "day": day}
    rows = [key | {"variant_id": one.variant_id, "quantity": one.quantity, "amount": one.amount} for one in sold]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        db.session.execute(insert(ProductDay), rows[start : start + ROWS_AT_ONCE])


def _touch(day: date) -> None:
    """Make the day's row, or mark it stale; either way it is locked until this transaction ends."""
    statement = insert(SalesDay).values(
        tenant_id=isolation.tenant_id(), day=day, timezone="", orders=0, net=0, bags=0, is_stale=True
    )
    db.session.execute(
        statement.on_conflict_do_update(index_elements=[SalesDay.tenant_id, SalesDay.day], set_={"is_stale": True})
    )
