"""Reading carts, and working out what the checkout page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, cast, func, select

from app.core import db, i18n
from app.core.i18n import gettext
from app.core.money import format as format_money
from app.core.prepared import Prepared
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.queries import variants_by_ids
from app.shop.catalog.schemas import SellableVariant
from app.shop.checkout.models import DONE, PLACED, Cart, CartLine
from app.shop.checkout.schemas import ADDRESS_FIELDS, Bag, BagLine, CheckoutDraft, Review
from app.shop.customers.models import Customer
from app.shop.customers.queries import addresses_of
from app.shop.payments.models import EXPIRED, FAILED, Payment
from app.shop.payments.queries import enabled_gateways, payment_by_id
from app.shop.pricing.queries import country_names, quote
from app.shop.pricing.schemas import Line
from app.shop.shipping.queries import all_zones, rates_for


def hash_of(token: str) -> str:
    """What is stored of a cart's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def cart_by_token(token: str | None) -> Cart | None:
    """The cart that a browser holds; None when it holds none, or one that is bought."""
    if not token:
        return None
    statement = select(Cart).where(Cart.token_hash == hash_of(token))
    cart = db.session.scalar(statement)
    return None if cart is None or cart.state == DONE else cart


def lock_cart_by_token(token: str | None) -> Cart | None:
    """The cart that a browser holds, bought or not, as the database has it now; others wait for this transaction."""
    if not token:
        return None
    statement = select(Cart).where(Cart.token_hash == hash_of(token))
    return db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def lock_bag(token: str | None) -> UUID | None:
    """The same by its id alone; None for one that is bought."""
    found = _locked_bag().first(hash=hash_of(token)) if token else None
    return None if found is None or found.state == DONE else found.id


@cache
def _locked_bag() -> Prepared:
    return Prepared(select(Cart.id, Cart.state).where(Cart.token_hash == bindparam("hash")).with_for_update())


def lock_cart(cart_id: UUID) -> Cart:
    """One cart, as the database has it now; others wait until this transaction ends."""
    statement = select(Cart).where(Cart.id == cart_id)
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one()


def lock_cart_of_order(order_id: UUID) -> Cart | None:
    """The cart whose present attempt is this order."""
    statement = select(Cart).where(Cart.order_id == order_id)
    return db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def lines_of(cart_id: UUID) -> list[CartLine]:
    """The lines in the order in which they were put in."""
    statement = select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def line_of(cart_id: UUID, variant_id: UUID) -> CartLine | None:
    """The line of one variant."""
    return db.session.scalar(select(CartLine).where(CartLine.cart_id == cart_id, CartLine.variant_id == variant_id))


def piece_count(token: str | None) -> int:
    """Pieces in a browser's bag, for the badge."""
    cart = cart_by_token(token)
    if cart is None:
        return 0
    return int(db.session.scalar(select(func.sum(CartLine.quantity)).where(CartLine.cart_id == cart.id)) or 0)


def forgotten_carts(before: datetime, limit: int = 1000) -> list[Cart]:
    """Carts that nobody has touched for long."""
    return list(db.session.scalars(select(Cart).where(Cart.updated_at < before).limit(limit)))


def bag_of(cart: Cart | None, lines: list[CartLine] | None = None) -> Bag:
    """The cart with today's prices and stock. What this cart's own order holds counts as available."""
    if cart is None:
        return Bag()
    lines = lines_of(cart.id) if lines is None else lines
    variants = variants_by_ids([line.variant_id for line in lines])
    held = cart.placed_lines if cart.state == PLACED else {}
    return Bag(
        tuple(_bag_line(line, variants.get(line.variant_id), held.get(str(line.variant_id), 0)) for line in lines)
    )


def _bag_line(line: CartLine, variant: SellableVariant | None, held: int) -> BagLine:
    title = variant.product_title if variant else line.seen_title
    available = _available(variant, held)
    return BagLine(
        variant_id=line.variant_id,
        quantity=line.quantity,
        variant=variant,
        title=title,
        available=available,
        problem=_problem(title, variant, available, line.quantity),
        news=_news(line, variant),
    )


def _available(variant: SellableVariant | None, held: int) -> int | None:
    """How many can be had; None is any number."""
    if variant is None or is_withdrawn(variant):
        return 0
    if not variant.tracks_stock or variant.continue_selling:
        return None
    return variant.on_hand + held


def is_withdrawn(variant: SellableVariant) -> bool:
    """Its product is not for sale, whatever the stock says."""
    has_stock = not variant.tracks_stock or variant.continue_selling or variant.on_hand > 0
    return has_stock and not variant.is_sellable


def _problem(title: str, variant: SellableVariant | None, available: int | None, wanted: int) -> str:
    if variant is None or is_withdrawn(variant):
        return gettext("%(title)s is no longer sold here. Please take it out of your bag.", title=title)
    if available is None or available >= wanted:
        return ""
    if available <= 0:
        return gettext("%(title)s is sold out. Please take it out of your bag.", title=title)
    return gettext("Only %(available)s of %(title)s left. Please lower the quantity.", available=available, title=title)


def _news(line: CartLine, variant: SellableVariant | None) -> str:
    if variant is None or variant.price == line.seen_price:
        return ""
    before, now = (shop_money(amount) for amount in (line.seen_price, variant.price))
    return gettext("The price changed from %(before)s to %(now)s since you put it in.", before=before, now=now)


def shop_money(amount: int) -> str:
    """An amount in minor units as this shop writes it."""
    shop = current_shop()
    return format_money(amount, shop.currency, shop.locale)


def review(cart: Cart, typed: Mapping[str, Any], customer: Customer | None, bag: Bag | None = None) -> Review:
    """Everything on the checkout page. What was typed wins over what the account knows.

    `bag` is what `bag_of` told the caller in this transaction.
    """
    bag = bag_of(cart) if bag is None else bag
    countries = delivery_countries()
    filled = _prefilled(typed, customer, [code for code, _ in countries])
    rates = rates_for(filled["country"], bag.weight_grams, bag.subtotal) if filled["country"] else []
    rate = next((each for each in rates if str(each.id) == filled.get("delivery")), rates[0] if rates else None)
    methods = enabled_gateways()
    method = next((each for each in methods if each.code == filled.get("payment")), methods[0] if methods else None)
    lines = [Line(line.variant_id, line.quantity) for line in bag.lines]
    variants = {line.variant_id: line.variant for line in bag.lines if line.variant}
    payment = _last_payment(cart)
    return Review(
        bag=bag,
        typed=filled,
        countries=countries,
        rates=rates,
        rate=rate,
        methods=methods,
        method=method,
        totals=quote(lines, filled["country"], rate.amount if rate else 0, variants),
        unfinished_url=payment.redirect_url if payment and payment.is_open else "",
        trouble=payment.reason if payment and payment.status in (FAILED, EXPIRED) else "",
    )


def _last_payment(cart: Cart) -> Payment | None:
    """The payment of the attempt that this cart is in."""
    return payment_by_id(cart.payment_id) if cart.state == PLACED and cart.payment_id else None


def _prefilled(typed: Mapping[str, Any], customer: Customer | None, countries: list[str]) -> dict[str, Any]:
    empty = dict[str, Any].fromkeys(CheckoutDraft.__struct_fields__, "")
    known = {} if customer is None else known_of(customer)
    filled = empty | known | {name: value for name, value in typed.items() if value not in ("", None)}
    if filled.get("country") not in countries:
        home = current_shop().country
        filled["country"] = home if home in countries else next(iter(countries), "")
    return filled


def known_of(customer: Customer) -> dict[str, Any]:
    """What an account tells the checkout: contact, and the first address of its book."""
    known = {"email": customer.email, "name": customer.name, "phone": customer.phone}
    address = next(iter(addresses_of(customer.id)), None)
    if address is not None:
        known |= {name: getattr(address, name) for name in ADDRESS_FIELDS if getattr(address, name, "")}
    return known


def delivery_countries() -> list[tuple[str, str]]:
    """Every country that the shop delivers to, by name in the shop's language."""
    names = country_names(i18n.locale_for(current_shop().locale))
    zones = all_zones()
    named = {code for zone in zones for code in zone.countries}
    reached = set(names) if any(zone.is_rest_of_world for zone in zones) else named & set(names)
    return sorted(((code, names[code]) for code in reached), key=lambda pair: pair[1])


def bags_by_day(start: datetime, end: datetime, timezone: str) -> dict[date, int]:
    """How many bags got their first piece on each day of the shop's calendar; days without one are absent."""
    day = cast(func.timezone(timezone, Cart.created_at), Date).label("day")
    statement = (
        select(day, func.count(Cart.id).label("bags"))
        .where(Cart.created_at >= start, Cart.created_at < end)
        .group_by("day")
    )
    return {row.day: row.bags for row in db.session.execute(statement)}
