"""Orders of the last weeks for the demo shops, so that a dashboard has something to say.

They go through the same services as real ones, with the clock set back; stock is put back on the shelf afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core import clock, ids
from app.core.access import system_actor
from app.platform.tenancy.queries import current_shop
from app.shop.catalog import queries as catalog
from app.shop.catalog import service as catalog_service
from app.shop.catalog.schemas import ProductsWanted, ProductView, VariantView
from app.shop.orders import service as orders
from app.shop.orders.schemas import Fulfil, NewLine, NewOrder
from app.shop.payments import service as payments
from app.shop.payments.schemas import NewPayment
from app.shop.pricing import queries as pricing
from app.shop.pricing.schemas import Line
from app.shop.shipping import queries as shipping

HOW_MANY = 20
STILL_NEW = timedelta(days=2)
"""Younger orders wait to be paid or sent."""
PEOPLE = {
    "PT": (
        "Ines Duarte",
        "Sofia Marques",
        "Pedro Gomes",
        "Tiago Lopes",
        "Beatriz Nunes",
        "Rui Carvalho",
        "Marta Pinto",
    ),
    "DE": ("Jonas Weber", "Lena Hartmann"),
    "FR": ("Amélie Roux", "Hugo Bernard"),
    "IE": ("Liam O’Connor", "Aoife Byrne"),
    "US": ("Maya Collins", "Owen Brooks", "Tessa Nguyen", "Caleb Ortiz", "Ruth Abara", "Noah Fisher", "Elena Castillo"),
    "CA": ("Sam Tremblay", "Priya Gill"),
    "GB": ("Ella Hughes", "Amir Khan", "Grace Taylor", "Dylan Price", "Freya Walsh", "Oscar Lane", "Zara Ahmed"),
}
PLACES = {
    "PT": ("Rua do Almada 21", "4050-036", "Porto", ""), "DE": ("Kastanienallee 8", "10435", "Berlin", ""),
    "FR": ("12 rue des Martyrs", "75009", "Paris", ""), "IE": ("3 Camden Street", "D02 XE80", "Dublin", ""),
    "US": ("418 Pearl Street", "80302", "Boulder", "CO"), "CA": ("77 Queen Street", "M5V 2A1", "Toronto", "ON"),
    "GB": ("9 Gloucester Road", "BS7 8AA", "Bristol", ""),
}  # fmt: skip
ALSO_FROM = {"PT": ("DE", "FR", "IE"), "US": ("CA",), "GB": ("IE",)}
BY = system_actor("demo")


@dataclass(frozen=True)
class Purchase:
    """What somebody bought, and when."""

    at: datetime
    name: str
    country: str
    items: tuple[tuple[VariantView, int], ...]


def place_all(seed: str, progress: Callable[[str, int, int], None]) -> None:
    """Fill the entered shop with purchases; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311  the same seed must give the same purchases
    products = catalog.products_page(ProductsWanted(status="active"), None, 100)
    moments = sorted(clock.now() - _ago(chance, number) for number in range(HOW_MANY))
    recent = clock.now() - STILL_NEW
    for number, moment in enumerate(moments, 1):
        _place(_purchase(chance, moment, products), still_new=moment > recent, chance=chance)
        progress("Past orders", number, HOW_MANY)
    orders.recount()


def _ago(chance: random.Random, number: int) -> timedelta:
    """A quarter in the last days, half of them in the last month, the rest in the month before."""
    first, last = ((0.05, STILL_NEW.days), (STILL_NEW.days, 29), (STILL_NEW.days, 29), (30, 59))[number % 4]
    return timedelta(days=chance.uniform(first, last))


def _purchase(chance: random.Random, at: datetime, products: list[ProductView]) -> Purchase:
    home = current_shop().country
    country = chance.choice((home, home, home, *ALSO_FROM.get(home, ())))
    items = []
    for view in chance.sample(products, k=min(len(products), chance.choice((1, 1, 2, 3)))):
        sellable = [variant for variant in view.variants if variant.on_hand > 2]
        if sellable:
            items.append((chance.choice(sellable), chance.choice((1, 1, 1, 2))))
    first = next(variant for view in products for variant in view.variants if variant.on_hand > 2)
    return Purchase(at, chance.choice(PEOPLE.get(country, PEOPLE["GB"])), country, tuple(items) or ((first, 1),))


def _place(bought: Purchase, *, still_new: bool, chance: random.Random) -> None:
    """One order with what followed: paid or not, sent or not."""
    with clock.frozen(bought.at):
        new = _order(bought)
        order = orders.place(new)
    catalog_service.put_back_stock([(variant.id, quantity) for variant, quantity in bought.items])
    fate = chance.random()
    with clock.frozen(bought.at + timedelta(minutes=3)):
        payment = payments.open_payment(
            NewPayment(
                order.id,
                new.total,
                new.currency,
                new.payment_gateway,
                f"Order {order.number}",
                "/checkout/paid/{token}",
            )
        )
        if still_new and fate < 0.2:
            orders.payment_failed(order.id, "The card was declined.")
            return
        orders.mark_awaiting_payment(order.id)
        if still_new and fate < 0.4:
            return
        orders.mark_paid(order.number, by=BY)
    if not still_new:
        with clock.frozen(min(clock.now(), bought.at + timedelta(hours=chance.randrange(4, 40)))):
            orders.fulfil(order.number, Fulfil(carrier="DHL", tracking_number=str(payment.id.int)[:12]), by=BY)


def _order(bought: Purchase) -> NewOrder:
    shop = current_shop()
    lines = [Line(variant.id, quantity) for variant, quantity in bought.items]
    subtotal = sum(variant.price * quantity for variant, quantity in bought.items)
    weight = sum(variant.weight_grams * quantity for variant, quantity in bought.items)
    rates = shipping.rates_for(bought.country, weight, subtotal)
    totals = pricing.quote(lines, bought.country, rates[0].amount if rates else 0)
    return NewOrder(
        cart_id=ids.new_id(),
        email=_email(bought.name),
        lines=tuple(NewLine(one.variant_id, one.quantity, one.unit_price, str(one.tax_rate)) for one in totals.lines),
        shipping_address=_address(bought.name, bought.country),
        currency=shop.currency,
        subtotal=totals.subtotal,
        shipping=totals.shipping,
        tax=totals.tax,
        total=totals.total,
        prices_include_tax=totals.prices_include_tax,
        payment_gateway="bank_transfer",
        payment_title="Bank transfer",
        shipping_name=rates[0].name if rates else "",
        locale=shop.locale,
        is_sample=True,
    )


def _email(name: str) -> str:
    plain = "".join(letter for letter in name.lower().replace(" ", ".") if letter.isascii() and letter not in "’'")
    return f"{plain}@example.com"


def _address(name: str, country: str) -> dict[str, str]:
    line1, postal_code, city, region = PLACES[country]
    return {
        "name": name, "company": "", "line1": line1, "line2": "", "postal_code": postal_code, "city": city,
        "region": region, "country": country, "phone": "",
    }  # fmt: skip
