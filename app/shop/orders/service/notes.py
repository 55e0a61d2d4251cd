"""The timeline: what happened to an order, in sentences."""

from uuid import UUID

from app.core import audit, clock, db, money
from app.core.access import Actor
from app.shop.orders import queries
from app.shop.orders.models import Order, TimelineEntry


def write(order: Order, kind: str, text: str, by: Actor | None = None) -> TimelineEntry:
    """Add one sentence to an order's timeline; `by` is empty for what happened by itself."""
    who = by.name if by is not None and by.kind != "system" else ""
    entry = TimelineEntry(order_id=order.id, kind=kind, text=text, by=who, at=clock.now())
    db.add(entry)
    return entry


def flag(order: Order, text: str) -> None:
    """Ask a person to look at the order. Saying the same twice changes nothing."""
    if text not in order.attention:
        order.attention = f"{order.attention} {text}".strip()
        write(order, "attention", text)


def add_note(number: str, text: str, *, by: Actor) -> TimelineEntry:
    """Keep a staff note; shoppers never see it. Raises NotFound."""
    order = queries.lock_by_number(number)
    audit.record(by, "order.noted", order)
    return write(order, "note", text.strip(), by)


def settle_attention(number: str, *, by: Actor) -> Order:
    """A person looked and it is dealt with. Raises NotFound."""
    order = queries.lock_by_number(number)
    if order.attention:
        write(order, "note", f"Looked after: {order.attention}", by)
        audit.record(by, "order.looked_after", order, attention=order.attention)
        order.attention = ""
    return order


def note_mail(order_id: UUID, text: str) -> None:
    """Say on the timeline that a mail was sent."""
    write(queries.lock(order_id), "mail", text)


def amount_of(order: Order, amount: int, currency: str = "") -> str:
    """Minor units as the order's own language writes them."""
    return money.format(amount, currency or order.currency, order.locale)
