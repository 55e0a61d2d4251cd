"""The orders list. Its whole state stands in the address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Response, url_for

from app.core import clock
from app.core.access import requires
from app.core.i18n import gettext as _
from app.core.i18n import mark, said
from app.core.web import accepts, is_fragment_request, page
from app.shop.orders import queries, words
from app.shop.orders.backoffice.door import door
from app.shop.orders.schemas import OrderFilter

VIEWS = (
    ("all", mark("All")),
    ("to_fulfil", mark("To fulfil")),
    ("unpaid", mark("Unpaid")),
    ("attention", mark("Needs a look")),
    ("completed", mark("Completed")),
    ("cancelled", mark("Cancelled")),
    ("archived", mark("Archived")),
)
SINCE = (
    ("", mark("Any date")),
    ("today", mark("Today")),
    ("7", mark("Last 7 days")),
    ("30", mark("Last 30 days")),
    ("90", mark("Last 90 days")),
)


def unfiltered() -> Response:
    """The list without any filter, for an address that asks for something unknown."""
    return show_list(OrderFilter())


@door.get("/orders")
@requires("orders.read")
@accepts(OrderFilter, again=unfiltered)
def index(wanted: OrderFilter) -> Response:
    """One page of orders; the piece below the heading for htmx."""
    return show_list(wanted)


def show_list(wanted: OrderFilter) -> Response:
    """The list in this state."""
    template = "orders/backoffice/_list.html" if is_fragment_request() else "orders/backoffice/index.html"
    found, counts = queries.listing_with_counts(wanted)
    link = _linker(wanted)
    return page(
        template,
        found=found,
        counts=counts,
        counted_up_to=queries.COUNTED_UP_TO,
        wanted=wanted,
        query=urlencode(plain(wanted)),
        views=tuple(said(dict(VIEWS)).items()),
        since=tuple(said(dict(SINCE)).items()),
        link=link,
        yesterday=clock.now() - timedelta(days=1),
        chips=[(text, link(**{name: ""})) for name, text in _chips(wanted)],
        is_filtered=bool(wanted.q or wanted.payment or wanted.fulfilment or wanted.since or wanted.tag),
        payments=words.PAYMENT,
        fulfilments=words.FULFILMENT,
        said_payment=words.payment,
        said_fulfilment=words.fulfilment,
    )


def _chips(wanted: OrderFilter) -> list[tuple[str, str]]:
    """The filters that are on: name of the field, and what it says."""
    said = {
        "q": f"“{wanted.q}”",
        "payment": wanted.payment and _(words.PAYMENT[wanted.payment].text),
        "fulfilment": wanted.fulfilment and _(words.FULFILMENT[wanted.fulfilment].text),
        "since": _(dict(SINCE)[wanted.since]),
        "tag": wanted.tag,
    }
    return [(name, text) for name, text in said.items() if getattr(wanted, name)]


def plain(wanted: OrderFilter) -> dict[str, Any]:
    """What differs from the list as it opens, without the place reached: the state that an address or form carries."""
    usual = msgspec.to_builtins(OrderFilter())
    state = msgspec.to_builtins(wanted) | {"cursor": ""}
    return {key: value for key, value in state.items() if value != usual[key]}


def _linker(wanted: OrderFilter) -> Callable[..., str]:
    """Addresses of the same list with something changed; a change begins at the first page again."""

    def link(**changes: str) -> str:
        changed = msgspec.convert(msgspec.to_builtins(wanted) | {"cursor": ""} | changes, OrderFilter)
        cursor: dict[str, Any] = {"cursor": changes["cursor"]} if changes.get("cursor") else {}
        return url_for(".index", **plain(changed), **cursor)

    return link
