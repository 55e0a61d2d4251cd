"""The one door of the staff's order pages, and the page that all its actions come back to."""

from typing import Any

from flask import Response, url_for

from app.core.access import requires
from app.core.web import BackofficeDoor, done, page
from app.shop.orders import queries, words
from app.shop.orders.models import Order

door = BackofficeDoor("orders")


@door.get("/orders/<number>")
@requires("orders.read")
def show(number: str) -> Response:
    """Everything about one order, and what can be done with it."""
    return page("orders/backoffice/show.html", **_about(queries.by_number(number)))


def shown_again(order: Order, say: str) -> Response:
    """The answer to every action on the order's page."""
    return done(
        "orders/backoffice/_order.html",
        say=say,
        back_to=url_for("orders_backoffice.show", number=order.number),
        **_about(order),
    )


def _about(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "timeline": queries.timeline(order.id),
        "payment": words.payment(order),
        "fulfilment": words.fulfilment(order),
    }
