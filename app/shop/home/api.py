"""The shop itself for programs: its figures, its settings, its opening, and what is left to set up."""

from __future__ import annotations

from typing import Any

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.core.rest import ApiDoor, accepts, matches, returns
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.errors import CurrencyIsFixed
from app.shop.catalog import queries as catalog
from app.shop.home import board, checklist, jobs, service
from app.shop.home.programs import (
    BestOut,
    DayOut,
    FiguresOut,
    FiguresWanted,
    OpeningWritten,
    SamplesOut,
    SettingsOut,
    SettingsWritten,
    SumsOut,
    TaskOut,
    TasksOut,
    TaskWritten,
    ToDoOut,
)
from app.shop.home.queries import Sums

door = ApiDoor("home")
_ADDRESS = ("line1", "line2", "postal_code", "city", "region")
_SAME = (
    "name", "legal_name", "contact_email", "country", "currency", "locale", "timezone", "weight_unit",
    "prices_include_tax", "announcement", "languages", "is_open",
)  # fmt: skip


def _settings() -> SettingsOut:
    shop = tenancy.current_shop()
    values: dict[str, Any] = {name: str(shop.address.get(name) or "") for name in _ADDRESS}
    return SettingsOut(**values | {name: getattr(shop, name) for name in _SAME})


def _locked_settings() -> SettingsOut:
    tenancy.lock_shop()
    return _settings()


def _sums(one: Sums) -> SumsOut:
    return SumsOut(one.amount, one.orders, one.average, one.bags, one.conversion)


def _tasks() -> TasksOut:
    return TasksOut(
        [TaskOut(one.item.name, gettext(one.item.title), one.item.path, one.is_done) for one in checklist.lines()]
    )


@door.get("/figures")
@requires("home.read")
@returns(FiguresOut)
@accepts(FiguresWanted)
def show_figures(query: FiguresWanted) -> FiguresOut:
    """How the shop does: the last days, today included, beside as many days before."""
    told = board.figures(int(query.days))
    if told.has_gaps:
        jobs.keep_days.enqueue(days=told.period.days)
    to_do = told.to_do
    return FiguresOut(
        currency=tenancy.current_shop().currency, timezone=told.period.timezone, first_day=told.period.first,
        last_day=told.period.today, now=_sums(told.now), before=_sums(told.before),
        days=[DayOut(day, one.amount, one.orders, one.bags) for day, one in told.days.items()],
        best=[BestOut(one.product_title, one.variant_title, one.quantity, one.amount) for one in told.best],
        to_do=ToDoOut(
            to_do.to_fulfil, to_do.oldest_to_fulfil, to_do.payment_failed, to_do.awaiting_payment, to_do.attention
        ),
    )  # fmt: skip


@door.get("/settings")
@requires("settings.read")
@returns(SettingsOut)
def show_settings() -> SettingsOut:
    """Show the shop's general settings."""
    return _settings()


@door.put("/settings")
@requires("settings.write")
@returns(SettingsOut, errors=(CurrencyIsFixed,))
@matches(_locked_settings)
@accepts(SettingsWritten)
def write_settings(body: SettingsWritten) -> SettingsOut:
    """Make the general settings what the body says. The currency is fixed once there are orders."""
    service.change_settings(body.form, by=current_actor())
    return _settings()


@door.post("/settings/opening")
@requires("settings.close")
@returns(SettingsOut)
@accepts(OpeningWritten)
def open_or_close(body: OpeningWritten) -> SettingsOut:
    """Let shoppers in, or keep them out for a while."""
    tenancy_service.set_open(body.is_open, by=current_actor())
    return _settings()


@door.get("/tasks")
@requires("settings.read")
@returns(TasksOut)
def list_tasks() -> TasksOut:
    """List what is left to do before the shop is ready."""
    return _tasks()


@door.post("/tasks/skip")
@requires("settings.write")
@returns(TasksOut)
@accepts(TaskWritten)
def skip_task(body: TaskWritten) -> TasksOut:
    """Take a task off the list that is not for this shop."""
    if body.name not in checklist.NAMES:
        raise InvalidInput({"name": gettext("There is no task of this name.")})
    tenancy_service.tick_off(body.name, by=current_actor())
    return _tasks()


@door.delete("/samples")
@requires("products.edit")
@returns(SamplesOut)
def remove_samples() -> SamplesOut:
    """Take the sample products and collections out of the shop."""
    number = catalog.count_samples()
    service.remove_samples(by=current_actor())
    return SamplesOut(number)
