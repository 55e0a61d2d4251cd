"""Background work of the checkout room: carts follow what happens to their payments."""

from __future__ import annotations

from datetime import timedelta

from app.core import clock
from app.core.events import reacts_to
from app.core.jobs import every, for_each_tenant
from app.shop.checkout import queries, service
from app.shop.orders.events import OrderCancelled
from app.shop.payments.events import PaymentCaptured, PaymentFailed

FORGOTTEN_AFTER = timedelta(days=60)


@reacts_to(PaymentCaptured)
def empty_the_cart(fact: PaymentCaptured) -> None:
    """What was paid is no longer in the bag, even when its buyer never came back."""
    service.complete(fact.order_id)


@reacts_to(PaymentFailed)
def give_up_what_nobody_pays(fact: PaymentFailed) -> None:
    """Time is over: the stock goes back and the bag can be ordered again."""
    if fact.gave_up:
        service.give_up(fact.order_id, fact.reason)


@reacts_to(OrderCancelled)
def close_the_payment(fact: OrderCancelled) -> None:
    """Nobody pays for a cancelled order: its payment is closed at the gateway while that is possible."""
    service.let_go(fact.order_id)


@every("17 4 * * *")
def forget_carts() -> None:
    """Delete carts that nobody has touched for two months."""
    for_each_tenant(forget_carts_of_shop)


def forget_carts_of_shop() -> None:
    """One shop's share of it."""
    for cart in queries.forgotten_carts(clock.now() - FORGOTTEN_AFTER):
        service.forget(cart)
