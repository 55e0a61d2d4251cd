"""Filling carts, and turning one into exactly one order."""

from __future__ import annotations

import hashlib
import json
import secrets
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.core import clock, db, reader
from app.core.errors import PlanLimitReached
from app.core.ids import new_id
from app.core.prepared import OWN_TENANT, Prepared
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.queries import variants_by_ids
from app.shop.checkout import queries
from app.shop.checkout.errors import (
    EmptyBag,
    NoDelivery,
    NoSuchProduct,
    NotEnough,
    NotForSale,
    NotTakingOrders,
    PaymentUnderWay,
    SoldOut,
    TooManyLines,
    TotalChanged,
)
from app.shop.checkout.models import DONE, OPEN, PLACED, Cart, CartLine
from app.shop.checkout.schemas import (
    ADDRESS_FIELDS,
    MOST_LINES,
    MOST_OF_ONE,
    BagLine,
    CheckoutDraft,
    Placed,
    PlaceOrder,
    Review,
)
from app.shop.customers import queries as customer_queries
from app.shop.customers import service as customers
from app.shop.customers.schemas import NewAddress
from app.shop.orders import service as orders
from app.shop.orders.schemas import NewLine, NewOrder
from app.shop.payments import queries as payment_queries
from app.shop.payments import service as payments
from app.shop.payments.models import CAPTURED, EXPIRED, FAILED, Payment
from app.shop.payments.schemas import NewPayment
from app.shop.pricing.schemas import WHOLE
from app.shop.shipping.asking import outside

RETURN_PATH = "/checkout/return/{token}"


def open_cart() -> tuple[Cart, str]:
    """A new, empty cart and the token that its browser keeps."""
    token = secrets.token_urlsafe(32)
    cart = db.add(Cart(token_hash=queries.hash_of(token)))
    db.flush()
    return cart, token


def add_to_cart(cart_id: UUID, variant_id: UUID, quantity: int) -> int:
    """Put so many more of a variant into a locked cart; answers how many pieces of all kinds are in now.

    Raises NoSuchProduct, NotForSale, SoldOut, NotEnough and TooManyLines. What is too much is known when it is written,
    so that a refusal has to be rolled back, as every refusal is.
    """
    variant = variants_by_ids([variant_id]).get(variant_id)
    if variant is None or queries.is_withdrawn(variant):
        raise NoSuchProduct()
    written = _line_written().rows(
        id=new_id(), cart=cart_id, variant=variant_id, more=min(quantity, MOST_OF_ONE), title=variant.product_title,
        price=variant.price, now=clock.now(),
    )[0]  # fmt: skip
    if not variant.has_enough(written.quantity):
        _refuse_stock(variant.product_title, variant.on_hand)
    if written.other_lines >= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return int(written.quantity + written.other_pieces)


@cache
def _line_written() -> Prepared:
    """More of a variant in a cart, and what else is in: the most frequent change of a shop, without rows of the ORM."""
    line = insert(CartLine).values(
        id=bindparam("id"), cart_id=bindparam("cart"), variant_id=bindparam("variant"), quantity=bindparam("more"),
        seen_title=bindparam("title"), seen_price=bindparam("price"), created_at=bindparam("now"),
        updated_at=bindparam("now"),
    )  # fmt: skip
    changed: dict[str, Any] = {name: line.excluded[name] for name in ("seen_title", "seen_price", "updated_at")}
    changed["quantity"] = func.least(CartLine.quantity + line.excluded.quantity, MOST_OF_ONE)
    key = [CartLine.tenant_id, CartLine.cart_id, CartLine.variant_id]
    other = aliased(CartLine)
    same_cart = other.tenant_id == OWN_TENANT, other.cart_id == bindparam("cart")
    others = select(func.count(), cast(func.coalesce(func.sum(other.quantity), 0), BigInteger))
    others = others.select_from(other).where(*same_cart, other.variant_id != bindparam("variant"))
    lines, pieces = (others.with_only_columns(one).scalar_subquery() for one in others.selected_columns)
    written = line.on_conflict_do_update(index_elements=key, set_=changed)
    return Prepared(written.returning(CartLine.quantity, lines.label("other_lines"), pieces.label("other_pieces")))


def _refuse_stock(title: str, left: int) -> None:
    raise SoldOut(title=title) if left <= 0 else NotEnough(title=title, left=left)


def change_line(cart: Cart, variant_id: UUID, quantity: int) -> None:
    """Have so many of a variant; 0 takes it out. Raises NoSuchProduct, NotForSale, SoldOut and NotEnough."""
    cart = queries.lock_cart(cart.id)
    line = queries.line_of(cart.id, variant_id)
    if line is None:
        raise NoSuchProduct()
    if quantity == 0:
        db.delete(line)
    else:
        shown = next(each for each in queries.bag_of(cart).lines if each.variant_id == variant_id)
        _refuse_line(shown, quantity)
        line.quantity = quantity
    _take_note_of_prices(cart)


def _refuse_line(line: BagLine, quantity: int) -> None:
    if line.variant is None or queries.is_withdrawn(line.variant):
        raise NotForSale(title=line.title)
    if line.available is not None and line.available < quantity:
        _refuse_stock(line.title, line.available)


def _take_note_of_prices(cart: Cart) -> None:
    """The buyer has seen today's prices on the page that this change was made on."""
    db.flush()
    lines = queries.lines_of(cart.id)
    variants = variants_by_ids([line.variant_id for line in lines])
    for line in lines:
        if line.variant_id in variants:
            line.seen_price = variants[line.variant_id].price
    db.flush()


def save_draft(cart: Cart, draft: CheckoutDraft) -> None:
    """Keep what was typed, so that nothing is lost on the way."""
    cart = queries.lock_cart(cart.id)
    cart.draft = typed_of(draft)
    db.flush()


def typed_of(draft: CheckoutDraft) -> dict:
    """A draft as plain values."""
    return {name: getattr(draft, name) for name in CheckoutDraft.__struct_fields__ if name != "agreed_total"}


def place_order(token: str | None, wanted: PlaceOrder, *, customer_id: UUID | None) -> Placed | None:
    """Turn the cart of a browser into an order and start its payment, once however often this is called.

    None when the browser has no cart.

    Order and payment are committed before the gateway hears of them. Talks to the gateway, and to delivery providers
    before anything is locked for long. Raises EmptyBag, NotForSale, SoldOut, NotEnough, NoDelivery, TotalChanged,
    PaymentUnderWay, and what orders and payments refuse.
    """
    return outside(lambda: _place_once(token, wanted, customer_id))


def _place_once(token: str | None, wanted: PlaceOrder, customer_id: UUID | None) -> Placed | None:
    """From the locked cart to the started payment; begun again when a price of a delivery had to be asked first."""
    cart = queries.lock_cart_by_token(token)
    if cart is None:
        return None
    lines = queries.lines_of(cart.id)
    print_of_wanted = fingerprint(lines, wanted)
    if cart.state != OPEN:
        cart = clear_way(cart, print_of_wanted)
    payment = None
    if cart.state == OPEN:
        payment = _place(cart, lines, wanted, print_of_wanted, customer_id)
    elif cart.placed_print != print_of_wanted:
        raise EmptyBag() if cart.state == DONE else PaymentUnderWay()
    order_id, payment_id = cart.order_id, cart.payment_id
    assert order_id is not None  # a placed cart names its order
    if payment_id is None:
        return Placed(order_id, None, None)
    started = payments.start(payment_id)
    del payment  # held until here, so that the session still knows its row
    return Placed(order_id, payment_id, started.redirect_url)


def fingerprint(lines: list[CartLine], wanted: CheckoutDraft) -> str:
    """The same for two submits that mean the same order."""
    bought = sorted((str(line.variant_id), line.quantity) for line in lines)
    meant = json.dumps([bought, typed_of(wanted)], sort_keys=True)
    return hashlib.sha256(meant.encode()).hexdigest()


def clear_way(cart: Cart, print_of_wanted: str) -> Cart:
    """End an earlier attempt of this cart that is over, or that means something else by now. Talks to the gateway.

    Takes the locked cart, and returns it locked.
    """
    cart_id = cart.id
    if cart.state != PLACED or cart.payment_id is None:
        return cart
    payment = payment_queries.payment_by_id(cart.payment_id)
    if payment.is_open and cart.placed_print != print_of_wanted:
        db.checkpoint()
        payment = payments.abandon(payment.id)
        db.checkpoint()
        cart = queries.lock_cart(cart_id)
    if payment.status in (FAILED, EXPIRED) and cart.payment_id == payment.id and cart.order_id:
        orders.give_up(cart.order_id, payment.reason)
        begin_anew(cart)
    return cart


def begin_anew(cart: Cart) -> None:
    """Let a cart be ordered again; what is in it stays."""
    cart.state, cart.attempt_id = OPEN, new_id()
    cart.order_id = cart.payment_id = None
    cart.placed_print, cart.placed_lines = "", {}
    db.flush()


def _place(
    cart: Cart, lines: list[CartLine], wanted: PlaceOrder, print_of_wanted: str, customer_id: UUID | None
) -> Payment | None:
    """Order and, where there is something to pay, its payment; the cart is written once, at the end."""
    review = _reviewed(cart, lines, wanted)
    known = {line.variant_id: line.variant for line in review.bag.lines if line.variant}
    try:
        order = orders.place(_new_order(cart, wanted, review, customer_id), known)
    except PlanLimitReached:
        raise NotTakingOrders from None
    if customer_id is not None and not customer_queries.addresses_of(customer_id):
        customers.add_address(customer_id, NewAddress(**{name: getattr(wanted, name) for name in ADDRESS_FIELDS}))
    pays_later = review.method is None or review.method.pays_later
    payment = None
    if review.totals.total > 0:
        payment = payments.open_payment(_new_payment(order.id, order.number, review, wanted))
    cart.draft = typed_of(wanted)
    cart.state, cart.order_id, cart.placed_print = PLACED, order.id, print_of_wanted
    cart.placed_lines = {str(line.variant_id): line.quantity for line in review.bag.lines}
    cart.payment_id = payment.id if payment else None
    if review.totals.total == 0 or pays_later:
        orders.mark_awaiting_payment(order.id)
        finish(cart)
    db.flush()
    return payment


def _reviewed(cart: Cart, lines: list[CartLine], wanted: PlaceOrder) -> Review:
    """Work everything out again, and refuse what the buyer did not agree to."""
    review = queries.review(cart, typed_of(wanted), None, queries.bag_of(cart, lines))
    if not review.bag.lines:
        raise EmptyBag()
    for line in review.bag.lines:
        _refuse_line(line, line.quantity)
    if wanted.country != review.typed["country"] or not review.rates:
        raise NoDelivery(country=dict(review.countries).get(wanted.country, wanted.country))
    if review.totals.total > 0:
        payment_queries.offered(wanted.payment)
    agreed = wanted.agreed_total
    if agreed != str(review.totals.total) or str(review.rate and review.rate.id) != wanted.delivery:
        before = queries.shop_money(int(agreed)) if agreed.isascii() and agreed.isdigit() else "not shown"
        raise TotalChanged(now=queries.shop_money(review.totals.total), before=before)
    return review


def _new_order(cart: Cart, wanted: PlaceOrder, review: Review, customer_id: UUID | None) -> NewOrder:
    totals, shop = review.totals, current_shop()
    return NewOrder(
        cart_id=cart.attempt_id,
        email=wanted.email,
        customer_id=customer_id,
        accepts_marketing=wanted.accepts_marketing,
        lines=tuple(
            NewLine(line.variant_id, line.quantity, line.unit_price, tax_rate=rate_text(line.tax_rate))
            for line in totals.lines
        ),
        shipping_address={name: getattr(wanted, name) for name in ADDRESS_FIELDS},
        currency=totals.currency,
        subtotal=totals.subtotal,
        shipping=totals.shipping,
        tax=totals.tax,
        total=totals.total,
        prices_include_tax=totals.prices_include_tax,
        tax_lines=tuple(
            {"name": tax.name, "rate": rate_text(tax.rate), "amount": tax.amount} for tax in totals.tax_lines
        ),
        shipping_name=review.rate.name if review.rate else "",
        payment_gateway=review.method.code if review.method else "",
        payment_title=review.method.title if review.method else "",
        payment_instructions=review.method.instructions if review.method else "",
        note=wanted.note,
        locale=reader.further_language() or shop.locale,
    )


def rate_text(rate: int) -> str:
    """A rate in thousandths of a percent as a decimal fraction: 23000 is "0.23"."""
    return f"{rate / WHOLE:.5f}".rstrip("0").rstrip(".")


def _new_payment(order_id: UUID, number: str, review: Review, wanted: PlaceOrder) -> NewPayment:
    return NewPayment(
        order_id=order_id,
        amount=review.totals.total,
        currency=review.totals.currency,
        gateway=wanted.payment,
        description=f"{current_shop().name}, order {number}",
        return_path=reader.address_in(reader.further_language(), RETURN_PATH),
        email=wanted.email,
    )


def settle_return(payment_id: UUID) -> Payment:
    """The buyer is back from the gateway: ask it, and let order and cart follow at once. Talks to the gateway.

    Locks are taken in one order everywhere: cart, order, payment. So each is let go here before the next is taken.
    """
    payment = payments.settle(payment_id)
    db.checkpoint()
    if payment.status == CAPTURED:
        orders.record_payment(payment.order_id, payment.id, payment.captured, payment.currency)
        db.checkpoint()
        complete(payment.order_id)
    elif payment.status in (FAILED, EXPIRED):
        orders.payment_failed(payment.order_id, payment.reason)
    return payment


def complete(order_id: UUID) -> None:
    """An order is paid: empty its cart. A second call does nothing."""
    cart = queries.lock_cart_of_order(order_id)
    if cart is not None and cart.state == PLACED:
        finish(cart)


def finish(cart: Cart) -> None:
    """The cart is bought. What was put in meanwhile stays, in a cart that can be ordered again."""
    bought, lines = cart.placed_lines, queries.lines_of(cart.id)
    left = {line.id: line.quantity - bought.get(str(line.variant_id), 0) for line in lines}
    if not any(quantity > 0 for quantity in left.values()):
        # Its lines stay, so that a doubled submit still means the same order.
        cart.state = DONE
        db.flush()
        return
    for line in lines:
        if left[line.id] > 0:
            line.quantity = left[line.id]
        else:
            db.delete(line)
    begin_anew(cart)


def give_up(order_id: UUID, reason: str) -> None:
    """Nobody is paying any more: put the stock back and let the cart be ordered again."""
    cart = queries.lock_cart_of_order(order_id)
    order = orders.give_up(order_id, reason)
    if order.status == "cancelled" and cart is not None and cart.state == PLACED:
        begin_anew(cart)


def let_go(order_id: UUID) -> None:
    """An order was cancelled: close its payment while nobody has paid, and let its cart be ordered again.

    Talks to the gateway. A second call does nothing.
    """
    payment = payment_queries.open_payment_of(order_id)
    if payment is not None:
        payments.abandon(payment.id)
        db.checkpoint()
    cart = queries.lock_cart_of_order(order_id)
    if cart is not None and cart.state == PLACED:
        begin_anew(cart)


def forget(cart: Cart) -> None:
    """Delete a cart that nobody came back for; its order, if any, stays."""
    for line in queries.lines_of(cart.id):
        db.delete(line)
    db.flush()
    db.delete(cart)
