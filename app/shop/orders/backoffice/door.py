"""The one door of the staff's order pages, and the page that all its actions come back to."""

from typing import Any

from flask import Response, url_for

from app.core.access import requires
from app.core.web import BackofficeDoor, done, page
from app.shop.orders import queries, sentences, words
from app.shop.orders.models import Order, TimelineEntry
from app.shop.payments import queries as payments
from app.ui.context import format_money

door = BackofficeDoor("orders")


@door.get("/orders/<number>")
@requires("orders.read")
def show(number: str) -> Response:
    """Everything about one order, and what can be done with it."""
    return page("orders/backoffice/show.html", **_about(queries.by_number(number)))


def shown_again(order: Order, say: str, *, undo: str = "") -> Response:
    """The answer to every action on the order's page."""
    return done(
        "orders/backoffice/_order.html",
        say=say,
        undo=undo,
        back_to=url_for("orders_backoffice.show", number=order.number),
        **_about(order),
    )


def _about(order: Order) -> dict[str, Any]:
    timeline = queries.timeline(order.id)
    return {
        "order": order,
        "timeline": timeline,
        "happened": lambda entry: sentences.said(entry.code, entry.details, entry.text, format_money),
        "attention": [entry for entry in reversed(timeline) if _is_open(entry, order)],
        "tags": queries.tags_of([order.id]).get(order.id, []),
        "held": payments.held_payments_of(order.id) if order.status != "completed" else [],
        "payment": words.payment(order),
        "fulfilment": words.fulfilment(order),
    }


def _is_open(entry: TimelineEntry, order: Order) -> bool:
    """Whether this is one of the things that the order still asks a person to look at."""
    return entry.kind == "attention" and entry.text in order.attention
