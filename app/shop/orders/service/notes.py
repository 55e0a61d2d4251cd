"""The timeline: what happened to an order, and what staff write beside it."""

from typing import Any
from uuid import UUID

from app.core import audit, clock, db, money
from app.core.access import Actor
from app.shop.orders import queries, sentences
from app.shop.orders.models import Order, TimelineEntry


def write(order: Order, kind: str, code: str, by: Actor | None = None, **details: Any) -> TimelineEntry:
    """Add what happened to an order's timeline; `by` is empty for what happened by itself.

    `details` fill the code's sentence; amounts are pairs of minor units and currency.
    """
    text = sentences.in_english(code, details, order.locale)
    return _keep(order, kind, text, by, code=code, details=details)


def write_text(order: Order, text: str, by: Actor) -> TimelineEntry:
    """Add a person's own words."""
    return _keep(order, "note", text, by, code="", details={})


def flag(order: Order, code: str, **details: Any) -> None:
    """Ask a person to look at the order. Saying the same twice changes nothing."""
    text = sentences.in_english(code, details, order.locale)
    if text not in order.attention:
        order.attention = f"{order.attention} {text}".strip()
        write(order, "attention", code, **details)


def add_note(number: str, text: str, *, by: Actor) -> TimelineEntry:
    """Keep a staff note; shoppers never see it. Raises NotFound."""
    order = queries.lock_by_number(number)
    audit.record(by, "order.noted", order)
    return write_text(order, text.strip(), by)


def settle_attention(number: str, *, by: Actor) -> Order:
    """A person looked and it is dealt with. Raises NotFound."""
    order = queries.lock_by_number(number)
    if order.attention:
        write(order, "note", "looked_after", by, what=order.attention)
        audit.record(by, "order.looked_after", order, attention=order.attention)
        order.attention = ""
    return order


def note_mail(order_id: UUID, name: str, to: str) -> None:
    """Say on the timeline that one of our mails was sent."""
    write(queries.lock(order_id), "mail", f"mail_{name}", to=to)


def amount_of(order: Order, amount: int, currency: str = "") -> str:
    """Minor units as the order's own language writes them."""
    return money.format(amount, currency or order.currency, order.locale)


def _keep(order: Order, kind: str, text: str, by: Actor | None, *, code: str, details: dict[str, Any]) -> TimelineEntry:
    who = by.name if by is not None and by.kind != "system" else ""
    entry = TimelineEntry(order_id=order.id, kind=kind, text=text, code=code, details=details, by=who, at=clock.now())
    db.add(entry)
    return entry
