"""Cart and checkout pages. Every step works as a plain form; htmx only saves the reload."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.core.access import public, same_origin
from app.core.i18n import gettext
from app.core.web import StorefrontDoor, accepts, current_form, done, page, read_cookie, redirect_to, set_cookie
from app.shop.checkout import queries, service
from app.shop.checkout.errors import EmptyBag
from app.shop.checkout.models import Cart
from app.shop.checkout.schemas import AddToCart, Bag, ChangeLine, CheckoutDraft, PlaceOrder, RemoveLine
from app.shop.customers.queries import current_customer
from app.shop.orders import queries as orders
from app.shop.payments import queries as payment_queries
from app.shop.payments import service as payments
from app.shop.payments.errors import GatewayUnreachable
from app.shop.payments.models import CAPTURED, EXPIRED, FAILED, HELD, Payment
from app.shop.shipping.asking import outside
from app.ui import context

door = StorefrontDoor("checkout")
COOKIE = "cart"
COOKIE_LASTS = 60 * 24 * 3600


def _cart() -> Cart | None:
    return queries.cart_by_token(read_cookie(COOKIE))


def bag_count() -> int:
    """Pieces in this browser's bag, for the badge in the header."""
    return queries.piece_count(read_cookie(COOKIE))


context.provide("bag_count", bag_count)


# --- the bag ---------------------------------------------------------------------------------------------------------


@door.get("/cart")
@public
def cart() -> Response:
    """What is in the bag, at today's prices."""
    return page("checkout/storefront/cart.html", bag=queries.bag_of(_cart()))


@door.get("/cart/badge")
@public
def badge() -> Response:
    """How much is in this browser's bag: the piece that a page kept for everybody asks for."""
    answer = page("ui/_bag_badge.html")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@door.post("/cart/lines")
@public
@same_origin
@accepts(AddToCart, again=cart)
def add(form: AddToCart) -> Response:
    """Put something in; a first thing opens a cart."""
    mine = queries.lock_bag(read_cookie(COOKIE))
    if mine is None:
        cart, token = service.open_cart()
        mine = cart.id
        set_cookie(COOKIE, token, COOKIE_LASTS)
    count = service.add_to_cart(mine, form.variant_id, form.quantity)
    return done(
        "checkout/storefront/_added.html",
        made_of=(count, context.word("bag")),
        oob=True,
        bag_count=count,
        say=gettext("It is in your bag."),
        back_to=url_for(".cart"),
    )


@door.post("/cart/update")
@public
@accepts(ChangeLine, again=cart)
def update(form: ChangeLine) -> Response:
    """Change how many of one thing are in."""
    mine = _cart()
    if mine is not None:
        service.change_line(mine, form.variant_id, form.quantity)
    return _changed(mine, gettext("Your bag is up to date."))


@door.post("/cart/remove")
@public
@accepts(RemoveLine, again=cart)
def remove(form: RemoveLine) -> Response:
    """Take one thing out."""
    mine = _cart()
    if mine is not None:
        service.change_line(mine, form.variant_id, 0)
    return _changed(mine, gettext("It is out of your bag."))


def _changed(mine: Cart | None, say: str) -> Response:
    return done("checkout/storefront/_bag.html", bag=queries.bag_of(mine), oob=True, say=say, back_to=url_for(".cart"))


# --- the checkout ----------------------------------------------------------------------------------------------------


@door.get("/checkout")
@public
def checkout() -> Response:
    """Contact and address, delivery, payment, review: one page."""
    mine = _cart()
    bag = queries.bag_of(mine)
    if mine is None or not bag.lines:
        return cart() if current_form().posted else redirect_to(url_for(".cart"), EmptyBag.message)
    return page("checkout/storefront/checkout.html", review=_review(mine, bag), customer=current_customer())


def _review(mine: Cart, bag: Bag) -> Any:
    """The page's values: what was just sent, else what was typed earlier, else what the account knows."""
    sent = current_form()
    if sent.posted:
        return outside(lambda: queries.review(mine, sent.values.to_dict(), None, bag))
    customer = current_customer()
    return outside(lambda: queries.review(mine, mine.draft, customer, bag))


@door.post("/checkout/update")
@public
@accepts(CheckoutDraft, again=checkout)
def reprice(form: CheckoutDraft) -> Response:
    """Keep what was typed and show what it costs now."""
    mine = _cart()
    if mine is None:
        return redirect_to(url_for(".cart"), EmptyBag.message)
    service.save_draft(mine, form)
    return done(
        "checkout/storefront/_checkout.html",
        review=outside(lambda: queries.review(mine, service.typed_of(form), None)),
        customer=current_customer(),
        back_to=url_for(".checkout"),
    )


@door.post("/checkout")
@public
@accepts(PlaceOrder, again=checkout)
def place(form: PlaceOrder) -> Response:
    """Order, once, and go to the gateway or to the finished order."""
    customer = current_customer()
    placed = service.place_order(read_cookie(COOKIE), form, customer_id=customer.id if customer else None)
    if placed is None:
        return redirect_to(url_for(".cart"), EmptyBag.message)
    if placed.redirect_url:
        return redirect_to(placed.redirect_url)
    return redirect_to(_order_page(placed.order_id))


@door.get("/checkout/return/<token>")
@public
def returned(token: str) -> Response:
    """Back from the gateway: settle, then show the order, or the checkout with what went wrong."""
    payment_id = payments.returned_payment(token)
    try:
        payment = service.settle_return(payment_id)
    except GatewayUnreachable:
        payment = payment_queries.payment_by_id(payment_id)
    return _after(payment)


def _after(payment: Payment) -> Response:
    if payment.status in (FAILED, EXPIRED):
        return redirect_to(url_for(".checkout"), payment.reason if payment.status == EXPIRED else "")
    say = {CAPTURED: "", HELD: gettext("We are checking your payment and will write to you.")}.get(
        payment.status, gettext("Your payment is not confirmed yet. We will write to you as soon as it is.")
    )
    return redirect_to(_order_page(payment.order_id), say)


def _order_page(order_id: UUID) -> str:
    return orders.status_path(orders.by_id(order_id))
