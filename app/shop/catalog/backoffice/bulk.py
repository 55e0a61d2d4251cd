"""One change to many products of the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, url_for

from app.core.access import Actor, current_actor, requires
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.web import accepts, page, redirect_to
from app.platform.staff import undo
from app.shop.catalog import bulk, jobs
from app.shop.catalog.backoffice.entrance import door
from app.shop.catalog.forms import BulkForm, BulkPrices

SHOWN = 30


@door.post("/products/bulk")
@requires("products.edit")
@accepts(BulkForm)
def change_many(form: BulkForm) -> Response:
    """Do one thing to all that are meant; prices are looked at first."""
    ids = bulk.chosen(form)
    if not ids:
        return redirect_to(list_at(form.query), _("Tick the products first."))
    if form.action == "price":
        wanted = BulkPrices(everything=form.everything, products=form.products, query=form.query)
        return _prices_page(wanted, [])
    say, step = ACTIONS[form.action](form, ids, current_actor())
    return redirect_to(list_at(form.query), say, undo=step)


@door.get("/products/bulk/prices")
@requires("products.edit")
def prices_again() -> Response:
    """The form for new prices needs products: the list has them."""
    return redirect_to(url_for(".index"))


def again() -> Response:
    """The form for new prices with what is wrong."""
    return page("catalog/backoffice/prices.html", wanted=None, prices=[], total=0)


@door.post("/products/bulk/prices")
@requires("products.edit")
@accepts(BulkPrices, again=again)
def change_prices(form: BulkPrices) -> Response:
    """Show what the prices would be; make the change once that was seen."""
    ids = bulk.chosen(form)
    if not form.confirmed:
        return _prices_page(form, bulk.new_prices(ids, form))
    number = bulk.change_prices(ids, form, by=current_actor())
    say = ngettext("%(num)s product has new prices.", "%(num)s products have new prices.", number)
    return redirect_to(list_at(form.query), say)


def list_at(query: str) -> str:
    """The list in the state that it was in."""
    return url_for("catalog_backoffice.index") + (f"?{query}" if query else "")


def _prices_page(form: BulkPrices, prices: list[bulk.NewPrice]) -> Response:
    return page("catalog/backoffice/prices.html", wanted=form, prices=prices[:SHOWN], total=len(prices))


def _status(form: BulkForm, ids: list[UUID], by: Actor) -> tuple[str, str]:
    before = bulk.set_status(ids, form.action, by=by)
    say = ngettext("%(num)s product is %(state)s now.", "%(num)s products are %(state)s now.", len(ids),
                   state=_(bulk.STATUS_WORDS[form.action]))  # fmt: skip
    return say, undo.remember("products.status", {"before": before}, list_at(form.query), by=by)


def _tag(form: BulkForm, ids: list[UUID], by: Actor) -> tuple[str, str]:
    name = " ".join(form.tag_name.replace(",", " ").split())
    if not name:
        return _("Type the tag first."), ""
    before = bulk.tag(ids, name, take_off=form.action == "untag", by=by)
    number = len(before)
    if form.action == "untag":
        say = ngettext("The tag is off %(num)s product.", "The tag is off %(num)s products.", number)
    else:
        say = ngettext("%(num)s product has the tag now.", "%(num)s products have the tag now.", number)
    return say, undo.remember("products.tags", {"before": before}, list_at(form.query), by=by) if before else ""


def _collect(form: BulkForm, ids: list[UUID], by: Actor) -> tuple[str, str]:
    if form.shelf is None:
        return _("Choose the collection first."), ""
    bulk.collect(ids, form.shelf, by=by)
    return ngettext("%(num)s product is in the collection.", "%(num)s products are in the collection.", len(ids)), ""


def _delete(form: BulkForm, ids: list[UUID], by: Actor) -> tuple[str, str]:
    say = ngettext("%(num)s product is deleted.", "%(num)s products are deleted.", len(ids))
    return say, put_aside(ids, list_at(form.query), by)


def put_aside(ids: list[UUID], back_to: str, by: Actor) -> str:
    """Delete products so that they can come back for ten minutes; the address of the way back."""
    before = bulk.put_aside(ids, by=by)
    jobs.finish_deleting_later(ids)
    return undo.remember("products.deleted", {"before": before}, back_to, by=by)


ACTIONS: dict[str, Callable[[BulkForm, list[UUID], Actor], tuple[str, str]]] = {
    "active": _status, "draft": _status, "archived": _status, "tag": _tag, "untag": _tag, "collect": _collect,
    "delete": _delete,
}  # fmt: skip
