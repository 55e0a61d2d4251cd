"""The customers list, and actions on several customers."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from flask import Response, request, send_file, url_for

from app.core import access, clock
from app.core.access import Actor, current_actor, fresh_proof, requires
from app.core.errors import Forbidden
from app.core.i18n import gettext as _
from app.core.i18n import mark, ngettext
from app.core.web import accepts, is_fragment_request, page, redirect_to
from app.platform.staff import undo
from app.shop.customers import exporting, queries, service
from app.shop.customers.backoffice.door import door
from app.shop.customers.schemas import BulkCustomers, CustomerFilter

VIEWS = (
    ("all", mark("All")),
    ("accounts", mark("With account")),
    ("guests", mark("Guests")),
    ("returning", mark("Came back")),
    ("marketing", mark("Newsletter")),
)


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return show_list(CustomerFilter())


@door.get("/customers")
@requires("customers.read")
@accepts(CustomerFilter, again=unfiltered)
def index(wanted: CustomerFilter) -> Response:
    """One page of customers; the piece below the heading for htmx."""
    return show_list(wanted)


@door.get("/customers/export.csv")
@requires("customers.export")
@fresh_proof
@accepts(CustomerFilter)
def export(wanted: CustomerFilter) -> Response:
    """All that the list's filter finds as a file. Reading, so it works in a suspended shop too."""
    return _sent(exporting.pieces(wanted))


def list_again() -> Response:
    """The list as it was, with a sentence on top, for an action that means nobody."""
    return show_list(_wanted(request.form.get("query", "")))


@door.post("/customers/bulk")
@requires("customers.read")
@accepts(BulkCustomers, again=list_again)
def bulk(form: BulkCustomers) -> Response:
    """Do it to the ticked customers."""
    if not access.may("customers.export" if form.action == "export" else "customers.edit"):
        raise Forbidden()
    if form.action == "export":
        access.refuse_old_proof()
        return _file(form)
    back_to = url_for(".index", **_plain(_wanted(form.query)))
    by, tag = current_actor(), form.tag_name.strip()
    if form.action == "no_marketing":
        done = service.unsubscribe(form.customers, by=by)
        return redirect_to(back_to, ngettext("%(num)s gets no news any more.", "%(num)s get no news any more.", done))
    change = service.add_tag if form.action == "tag" else service.remove_tag
    changed = change(form.customers, tag, by=by)
    details = {"action": form.action, "tag": tag, "customers": [str(one) for one in changed]}
    say = ngettext("%(num)s customer changed.", "%(num)s customers changed.", len(changed))
    back = undo.remember("customers.tag", details, back_to, by=by) if changed else ""
    return redirect_to(back_to, say, undo=back)


@undo.can_be_undone("customers.tag", permission="customers.edit")
def take_back(details: dict[str, Any], by: Actor) -> str:
    """The opposite, for those whom it had changed."""
    change = service.remove_tag if details["action"] == "tag" else service.add_tag
    changed = change([UUID(one) for one in details["customers"]], details["tag"], by=by)
    return ngettext("%(num)s customer is as before.", "%(num)s customers are as before.", len(changed))


def show_list(wanted: CustomerFilter) -> Response:
    """The list in this state."""
    template = "customers/backoffice/_list.html" if is_fragment_request() else "customers/backoffice/index.html"
    found, counts = queries.listing_with_counts(wanted)
    link = _linker(wanted)
    chips = [(text, name) for name, text in (("q", f"“{wanted.q}”"), ("tag", wanted.tag)) if getattr(wanted, name)]
    return page(
        template,
        found=found,
        counts=counts,
        counted_up_to=queries.COUNTED_UP_TO,
        wanted=wanted,
        views=[(name, _(label)) for name, label in VIEWS],
        link=link,
        query=urlencode(_plain(wanted)),
        chips=[(text, link(**{name: ""})) for text, name in chips],
    )


def _file(form: BulkCustomers) -> Response:
    return _sent(exporting.pieces(_wanted(form.query)) if form.everything else exporting.of_some(form.customers))


def _sent(pieces: Iterator[str]) -> Response:
    """Written piece by piece, so that any number of customers needs no memory."""
    file = TemporaryFile()  # noqa: SIM115  closed by the server when it is sent
    for piece in pieces:
        file.write(piece.encode())
    file.seek(0)
    name = f"customers-{clock.now():%Y-%m-%d}.csv"
    return send_file(file, "text/csv", as_attachment=True, download_name=name)


def _wanted(query: str) -> CustomerFilter:
    known = {field.name for field in msgspec.structs.fields(CustomerFilter)} - {"cursor"}
    given = {name: value for name, value in parse_qsl(query, max_num_fields=20) if name in known}
    try:
        return msgspec.convert(given, CustomerFilter)
    except msgspec.ValidationError:
        return CustomerFilter()


def _plain(wanted: CustomerFilter) -> dict[str, Any]:
    usual = msgspec.to_builtins(CustomerFilter())
    state = msgspec.to_builtins(wanted) | {"cursor": ""}
    return {key: value for key, value in state.items() if value != usual[key]}


def _linker(wanted: CustomerFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""

    def link(**changes: str) -> str:
        changed = msgspec.convert(msgspec.to_builtins(wanted) | {"cursor": ""} | changes, CustomerFilter)
        cursor: dict[str, Any] = {"cursor": changes["cursor"]} if changes.get("cursor") else {}
        return url_for("customers_backoffice.index", **_plain(changed), **cursor)

    return link
