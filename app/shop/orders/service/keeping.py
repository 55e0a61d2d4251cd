"""Order among orders: put away what is done, and tag what belongs together."""

from collections.abc import Sequence
from uuid import UUID

from app.core import audit, clock, db
from app.core.access import Actor
from app.shop.orders import queries
from app.shop.orders.errors import NotDoneYet, NothingToChange
from app.shop.orders.models import Order, OrderTag


def set_archived(number: str, is_archived: bool, *, by: Actor) -> Order:
    """Put an order away, or take it out again. Raises NotDoneYet, NothingToChange and NotFound."""
    order = queries.lock_by_number(number)
    if order.is_archived is is_archived:
        raise NothingToChange(number=number)
    if is_archived and not order.can_be_archived:
        raise NotDoneYet(number=number)
    order.is_archived = is_archived
    audit.record(by, "order.archived" if is_archived else "order.unarchived", order)
    return order


def add_tag(number: str, tag: str, *, by: Actor) -> Order:
    """Put a word on an order. Raises NothingToChange and NotFound."""
    order = queries.lock_by_number(number)
    if queries.lock_tag(order.id, tag) is not None:
        raise NothingToChange(number=number)
    db.add(OrderTag(tenant_id=order.tenant_id, order_id=order.id, tag=tag))
    order.updated_at = clock.now()
    db.flush()
    audit.record(by, "order.tagged", order, tag=tag)
    return order


def remove_tag(number: str, tag: str, *, by: Actor) -> Order:
    """Take a word off an order. Raises NothingToChange and NotFound."""
    order = queries.lock_by_number(number)
    found = queries.lock_tag(order.id, tag)
    if found is None:
        raise NothingToChange(number=number)
    db.delete(found)
    order.updated_at = clock.now()
    db.flush()
    audit.record(by, "order.untagged", order, tag=tag)
    return order


def set_tags(order_id: UUID, tags: Sequence[str], *, by: Actor) -> Order:
    """Let an order have exactly these words. Raises NotFound."""
    order = queries.lock(order_id)
    wanted, present = {tag.strip() for tag in tags}, set(queries.tags_of([order.id]).get(order.id, []))
    for tag in sorted(wanted - present):
        add_tag(order.number, tag, by=by)
    for tag in sorted(present - wanted):
        remove_tag(order.number, tag, by=by)
    return order
