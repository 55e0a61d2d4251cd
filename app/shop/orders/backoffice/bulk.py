"""One action on many orders: the ticked ones, or all that the list's filter finds."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from flask import Response, request, send_file, url_for

from app.core import access, clock
from app.core.access import Actor, current_actor, fresh_proof, requires
from app.core.errors import Forbidden
from app.core.i18n import ngettext
from app.core.web import accepts, is_fragment_request, page, redirect_to
from app.platform.staff import undo
from app.shop.orders import exporting, jobs, queries, service
from app.shop.orders.backoffice.door import door
from app.shop.orders.backoffice.lists import plain, show_list
from app.shop.orders.models import OrderBulk
from app.shop.orders.schemas import Bulk, ConfirmOnly, OrderFilter, ShowBulk

NEEDS = {
    "fulfil": "orders.fulfil",
    "cancel": "orders.cancel",
    "print": "orders.read",
    "export": "orders.export",
}
PRINTED_AT_ONCE = 200


def list_again() -> Response:
    """The list as it was, with a sentence on top, for an action that means nothing."""
    return show_list(_wanted(request.form.get("query", "")))


@door.get("/orders/export.csv")
@requires("orders.export")
@fresh_proof
@accepts(OrderFilter)
def export(wanted: OrderFilter) -> Response:
    """All that the list's filter finds as a file. Reading, so it works in a suspended shop too."""
    return _sent(exporting.pieces(wanted))


@door.post("/orders/bulk")
@requires("orders.read")
@accepts(Bulk, again=list_again)
def bulk(form: Bulk) -> Response:
    """Do it, or ask first where it cannot be taken back."""
    needed = NEEDS.get(form.action, "orders.organise")
    if not access.may(needed):
        raise Forbidden()
    wanted = _wanted(form.query)
    if form.action == "export":
        access.refuse_old_proof()
        return _file(form, wanted)
    if form.action == "print":
        return page("orders/backoffice/print.html", orders=_orders(form, wanted), kind="slip")
    if form.action == "cancel" and not form.confirmed:
        return _ask_to_cancel(form)
    done = service.bulk.start(
        form.action,
        [] if form.everything else form.numbers,
        wanted,
        argument=form.reason if form.action == "cancel" else form.tag_name.strip(),
        restock=form.restock,
        by=current_actor(),
    )
    return _show(done, form.query)


@door.get("/orders/bulk/<uuid:bulk_id>")
@requires("orders.read")
@accepts(ShowBulk)
def bulk_result(form: ShowBulk, bulk_id: UUID) -> Response:
    """What became of each order; asked again by the page itself while the work goes on."""
    template = "_bulk.html" if is_fragment_request() else "bulk.html"
    return page(f"orders/backoffice/{template}", **_about(bulk_id, form))


@door.post("/orders/bulk/<uuid:bulk_id>/undo")
@requires("orders.organise")
@accepts(ConfirmOnly)
def undo_bulk(form: ConfirmOnly, bulk_id: UUID) -> Response:
    """Take it back, order by order."""
    return _show(service.bulk.undo(bulk_id, by=current_actor()))


@undo.can_be_undone("orders.bulk", permission="orders.organise")
def take_back(details: dict[str, Any], by: Actor) -> str:
    """The way back from a toast."""
    undone = service.bulk.undo(UUID(details["bulk_id"]), by=by)
    if undone.state == "running":
        jobs.go_on_with_bulk.enqueue(bulk_id=undone.id)
    return ngettext("%(num)s order is as it was.", "%(num)s orders are as they were.", undone.done)


def _show(done: OrderBulk, query: str = "") -> Response:
    """Back to the list when all went well and at once; else a result for each order."""
    if done.state == "running":
        jobs.go_on_with_bulk.enqueue(bulk_id=done.id)
    say = ngettext("%(num)s order done.", "%(num)s orders done.", done.done)
    if done.refused:
        say += " " + ngettext("%(num)s could not be changed.", "%(num)s could not be changed.", done.refused)
    back_to = url_for("orders_backoffice.bulk_result", bulk_id=done.id)
    if done.state == "done" and done.done and not done.refused:
        back_to = url_for("orders_backoffice.index", **plain(_wanted(query)))
    return redirect_to(back_to, say, undo=_way_back(done, back_to))


def _way_back(done: OrderBulk, back_to: str) -> str:
    if not _can_be_undone(done):
        return ""
    return undo.remember("orders.bulk", {"bulk_id": str(done.id)}, back_to, by=current_actor())


def _can_be_undone(done: OrderBulk) -> bool:
    return done.action in service.bulk.OPPOSITE and done.state == "done" and done.done > 0


def _about(bulk_id: UUID, form: ShowBulk) -> dict[str, Any]:
    found = queries.bulk(bulk_id)
    return {
        "bulk": found,
        "shown": form.show,
        "rows": queries.bulk_rows(bulk_id, form.cursor, only_problems=form.show == "problems"),
        "can_be_undone": _can_be_undone(found),
    }


def _ask_to_cancel(form: Bulk) -> Response:
    return page(
        "orders/backoffice/cancel_many.html",
        numbers=[] if form.everything else form.numbers,
        everything=form.everything,
        query=form.query,
    )


def _orders(form: Bulk, wanted: OrderFilter) -> list[Any]:
    if not form.everything:
        return queries.for_print(form.numbers)
    found = queries.listing(msgspec.structs.replace(wanted, cursor=""), PRINTED_AT_ONCE)
    return queries.for_print([order.number for order in found.rows])


def _file(form: Bulk, wanted: OrderFilter) -> Response:
    return _sent(exporting.pieces(wanted) if form.everything else exporting.of_numbers(form.numbers))


def _sent(pieces: Iterator[str]) -> Response:
    """Written into a file without a name, piece by piece, so that a million orders need no memory."""
    file = TemporaryFile()  # noqa: SIM115  closed by the server when it is sent
    for piece in pieces:
        file.write(piece.encode())
    file.seek(0)
    name = f"orders-{clock.now():%Y-%m-%d}.csv"
    return send_file(file, "text/csv", as_attachment=True, download_name=name)


def _wanted(query: str) -> OrderFilter:
    """The list's filter as its own address wrote it; raises InvalidInput like the list does."""
    known = {field.name for field in msgspec.structs.fields(OrderFilter)} - {"cursor"}
    given = {name: value for name, value in parse_qsl(query, max_num_fields=20) if name in known}
    try:
        return msgspec.convert(given, OrderFilter)
    except msgspec.ValidationError:
        return OrderFilter()
