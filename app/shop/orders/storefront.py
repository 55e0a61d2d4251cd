"""Shoppers' pages: order status by signed link, order look-up and the account's orders."""

from uuid import UUID

from flask import Response, request, url_for

from app.core import login
from app.core.access import current_actor, for_customers, public
from app.core.errors import NotFound, NotSignedIn
from app.core.ids import new_id
from app.core.links import unsign
from app.core.text import normalise_email
from app.core.web import StorefrontDoor, accepts, page, redirect_to
from app.shop.orders import jobs, queries, words
from app.shop.orders.models import Order
from app.shop.orders.queries import STATUS_PURPOSE
from app.shop.orders.schemas import TrackOrder

door = StorefrontDoor("orders")


@door.get("/orders/track")
@public
def track() -> Response:
    """The form for people without an account and without their mail at hand."""
    return page("orders/storefront/track.html")


@door.post("/orders/track")
@public
@accepts(TrackOrder, again=track)
def send_link(form: TrackOrder) -> Response:
    """Mail the link to the order's page; the answer is the same whether there is such an order."""
    login.rate_limit("order-look-up", login.remote_address(), 20, 15 * 60)
    login.rate_limit("order-look-up-mail", normalise_email(form.email), 5, 3600)
    number = form.number.strip().lstrip("#")
    jobs.send_status_link.enqueue(number=number, email=normalise_email(form.email), request_id=new_id())
    return redirect_to(url_for(".link_sent"))


@door.get("/orders/track/sent")
@public
def link_sent() -> Response:
    """Said after every look-up."""
    return page("orders/storefront/link_sent.html")


@door.get("/orders/<number>/<token>")
@public
def status(number: str, token: str) -> Response:
    """One order for whoever holds its link; 404 when the link is forged, over, or of another order."""
    claim = unsign(STATUS_PURPOSE, token)
    order = queries.by_number(number)
    if claim.get("order") != str(order.id):
        raise NotFound()
    return _order_page("orders/storefront/status.html", order)


@door.get("/account/orders")
@for_customers
def orders() -> Response:
    """The shopper's orders, newest first."""
    found = queries.newest(_my_id(), cursor=request.args.get("cursor", ""))
    return page("orders/storefront/orders.html", found=found, say=words.for_shopper)


@door.get("/account/orders/<number>")
@for_customers
def order(number: str) -> Response:
    """One order of the shopper's own; anybody else's answers 404."""
    return _order_page("orders/storefront/order.html", queries.of_customer(_my_id(), number))


def _order_page(template: str, order: Order) -> Response:
    return page(template, order=order, said=words.for_shopper(order))


def _my_id() -> UUID:
    actor = current_actor()
    if actor.kind != "customer" or actor.id is None:
        raise NotSignedIn()
    return actor.id
