"""The orders list. Its whole state stands in the address."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
from flask import Response, url_for

from app.core import clock
from app.core.access import current_actor, requires
from app.core.text import is_local_path
from app.core.web import accepts, is_fragment_request, page, redirect_to
from app.shop.orders import queries, service, words
from app.shop.orders.backoffice.door import door
from app.shop.orders.schemas import BulkFulfil, OrderFilter

VIEWS = (
    ("all", "All"),
    ("to_fulfil", "To fulfil"),
    ("unpaid", "Unpaid"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
)


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return _list(OrderFilter())


@door.get("/orders")
@requires("orders.read")
@accepts(OrderFilter, again=unfiltered)
def index(wanted: OrderFilter) -> Response:
    """One page of orders; the piece below the heading for htmx."""
    return _list(wanted)


@door.post("/orders/fulfil")
@requires("orders.fulfil")
@accepts(BulkFulfil)
def bulk_fulfil(form: BulkFulfil) -> Response:
    """Send everything that is left of the ticked orders."""
    sent = service.fulfil_many(form.numbers, by=current_actor())
    left = len(set(form.numbers)) - len(sent)
    say = f"{len(sent)} {'order is' if len(sent) == 1 else 'orders are'} sent."
    if not form.numbers:
        say = "Tick the orders first."
    elif left:
        say += f" {left} could not be sent: not confirmed, cancelled or gone already."
    return redirect_to(_back_to(form.back), say)


def _list(wanted: OrderFilter) -> Response:
    template = "orders/backoffice/_list.html" if is_fragment_request() else "orders/backoffice/index.html"
    return page(
        template,
        found=queries.listing(wanted),
        counts=queries.counts(),
        wanted=wanted,
        views=VIEWS,
        link=_linker(wanted),
        yesterday=clock.now() - timedelta(days=1),
        is_filtered=bool(wanted.q or wanted.payment or wanted.fulfilment or wanted.since),
        payments=words.PAYMENT,
        fulfilments=words.FULFILMENT,
        said_payment=words.payment,
        said_fulfilment=words.fulfilment,
    )


def _linker(wanted: OrderFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""
    plain = msgspec.to_builtins(OrderFilter())

    def link(**changes: str) -> str:
        state = msgspec.to_builtins(wanted) | {"cursor": ""} | changes
        return url_for(".index", **{key: value for key, value in state.items() if value != plain[key]})

    return link


def _back_to(path: str) -> str:
    is_ours = is_local_path(path) and urlsplit(path).path == url_for(".index")
    return path if is_ours else url_for(".index")
