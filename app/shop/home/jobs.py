"""Keeping the figures of past days, and forgetting those that have changed since."""

from __future__ import annotations

from app.core.events import reacts_to
from app.core.jobs import job
from app.shop.home import service
from app.shop.orders.events import OrderCancelled, OrderPlaced, OrderRefunded


@job()
def keep_days(days: int) -> None:
    """Count the past days that a period of the home page speaks of, where they are missing or stale."""
    service.keep_days(days)


@reacts_to(OrderPlaced)
def recount_after_placing(fact: OrderPlaced) -> None:
    """An order that was placed before midnight and confirmed after it belongs to yesterday."""
    service.day_changed(fact.order_id)


@reacts_to(OrderCancelled)
def recount_after_cancelling(fact: OrderCancelled) -> None:
    """A cancelled order leaves the figures of its day."""
    service.day_changed(fact.order_id)


@reacts_to(OrderRefunded)
def recount_after_refund(fact: OrderRefunded) -> None:
    """Refunds are taken off the day of their order."""
    service.day_changed(fact.order_id)
