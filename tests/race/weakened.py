"""The application with one of its protections taken away, for negative controls: `RACE_WEAKNESS` names it.

It also stops at a chosen moment (`RACE_STOP_AT`), so that a test can kill the process exactly there. None of this is in
the product: only the race tests start this module instead of `wsgi`.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from app.core import db, events, replaying
from app.core.ids import new_id
from app.shop.catalog import service as catalog
from app.shop.catalog.errors import OutOfStock
from app.shop.catalog.models import Variant
from app.shop.checkout import queries as carts
from app.shop.checkout import service as checkout
from app.shop.checkout.models import OPEN, Cart
from app.shop.orders import service as orders
from app.shop.payments import hooks
from app.shop.payments import queries as payments
from app.shop.payments import service as payment_service
from app.shop.payments.events import PaymentCaptured
from app.shop.payments.models import LedgerEntry, Payment

PAUSE = 0.05


class Meeting:
    """A place where a thread waits until a second one of its process has come, so that the two certainly overlap.

    Whoever stays alone goes on after `patience` seconds.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.waiting = 0
        self.met = 0
        self.turn = threading.Condition()

    def join(self) -> None:
        """Wait for company."""
        with self.turn:
            before = self.met
            self.waiting += 1
            if self.waiting > 1:
                self.met += 1
                self.turn.notify_all()
            else:
                self.turn.wait_for(lambda: self.met > before, self.patience)
            self.waiting -= 1


def without_conditional_update() -> None:
    """Stock is read and then written, and nothing makes the buyers of a shop stand in line."""

    meeting = Meeting(patience=3)

    def take_stock(lines: list[tuple[Any, int]]) -> None:
        for variant_id, quantity in lines:
            on_hand = db.session.scalar(select(Variant.on_hand).where(Variant.id == variant_id))
            if on_hand < quantity:
                raise OutOfStock(title="It", left=on_hand)
            meeting.join()
            db.session.execute(
                update(Variant)
                .where(Variant.id == variant_id)
                .values(on_hand=on_hand - quantity)
                .execution_options(synchronize_session=False)
            )

    catalog.take_stock = take_stock
    db.next_number = lambda name, start=1001: random.randrange(10**9)


def without_one_order_a_cart() -> None:
    """A cart is not locked, and each submit calls itself another attempt."""

    meeting = Meeting(patience=3)

    def lock_cart_by_token(token: Any) -> Cart | None:
        if not token:
            return None
        cart = db.session.scalar(select(Cart).where(Cart.token_hash == carts.hash_of(token)))
        meeting.join()
        return cart

    new_order = checkout._new_order

    def another_attempt(cart: Cart, *rest: Any) -> Any:
        cart.state, cart.attempt_id = OPEN, new_id()
        return new_order(cart, *rest)

    carts.lock_cart_by_token = lock_cart_by_token
    checkout._new_order = another_attempt


def without_locked_payments() -> None:
    """Callbacks are not told apart, payments not locked, and the ledger takes the same movement twice."""

    meeting = Meeting(patience=3)

    def lock_payments_of(order_id: Any) -> list[Payment]:
        found = list(
            db.session.scalars(
                select(Payment).where(Payment.order_id == order_id).execution_options(populate_existing=True)
            )
        )
        meeting.join()
        time.sleep(PAUSE)
        return found

    def write_down(payment: Payment, kind: str, amount: int, *, key: str) -> None:
        entry = LedgerEntry(payment_id=payment.id, order_id=payment.order_id, kind=kind, amount=amount)
        entry.currency, entry.key, entry.happened_at = payment.currency, str(new_id()), payment.created_at
        db.add(entry)
        db.flush()

    payments.lock_payments_of = lock_payments_of
    payment_service._is_first = lambda code, event: True
    payment_service.write_down = write_down


def without_reactions_to_money() -> None:
    """Captured money tells nobody."""
    events._reactions.pop(PaymentCaptured.fact_name, None)


def without_replaying() -> None:
    """A request that met a dead database fails."""
    replaying.Replaying.__call__ = lambda self, environ, start: self.behind(environ, start)


WEAKNESSES: dict[str, Callable[[], None]] = {
    "replaying": without_replaying,
    "stock": without_conditional_update,
    "submit": without_one_order_a_cart,
    "callback": without_locked_payments,
    "reactions": without_reactions_to_money,
}


def stop_here(*_: Any, **__: Any) -> Any:
    """Say that the moment has come, and stay there until somebody kills this process."""
    Path(os.environ["RACE_MARKER"]).write_text(str(os.getpid()))
    threading.Event().wait()


def stop_before_the_gateway() -> None:
    """Order and payment are committed, the gateway knows nothing yet."""
    hooks.gateway("testpay").start = stop_here


def stop_before_the_order_is_paid() -> None:
    """The payment is captured and committed, the order knows nothing yet."""
    orders.record_payment = stop_here


MOMENTS: dict[str, Callable[[], None]] = {
    "before_the_gateway": stop_before_the_gateway,
    "before_the_order_is_paid": stop_before_the_order_is_paid,
}


def weaken() -> None:
    """Take away what the environment names."""
    if weakness := os.environ.get("RACE_WEAKNESS"):
        WEAKNESSES[weakness]()
    if moment := os.environ.get("RACE_STOP_AT"):
        MOMENTS[moment]()
