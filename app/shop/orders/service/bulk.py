"""One action on many orders: a slice a transaction, with a result for each."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.core import audit, db
from app.core.access import Actor
from app.core.errors import DomainError
from app.shop.orders import queries
from app.shop.orders.errors import CannotBeUndone
from app.shop.orders.models import OrderBulk, OrderBulkRow
from app.shop.orders.schemas import Fulfil, OrderFilter
from app.shop.orders.service import delivery, keeping

SLICE = 50
OPPOSITE = {"archive": "unarchive", "unarchive": "archive", "tag": "untag", "untag": "tag"}


def start(
    action: str, numbers: Sequence[str], wanted: OrderFilter, *, argument: str = "", restock: bool = True, by: Actor
) -> OrderBulk:
    """Do something to the orders of these numbers, or to all that the filter finds when there are no numbers.

    The first slice is done when this returns; while the bulk's state is `running`, `go_on` does the next.
    """
    bulk = _opened(action, by, argument=argument, restock=restock)
    if numbers:
        _work(bulk, numbers, by)
        bulk.state = "done"
        return bulk
    bulk.wanted = msgspec.to_builtins(msgspec.structs.replace(wanted, sort="newest", cursor=""))
    return go_on(bulk.id, by=by)


def undo(bulk_id: UUID, *, by: Actor) -> OrderBulk:
    """Take back what a bulk action did. Raises CannotBeUndone and NotFound."""
    done = queries.bulk(bulk_id)
    if done.action not in OPPOSITE or done.state != "done":
        raise CannotBeUndone()
    bulk = _opened(OPPOSITE[done.action], by, argument=done.argument, undoes=done.id)
    return go_on(bulk.id, by=by)


def go_on(bulk_id: UUID, *, by: Actor | None = None) -> OrderBulk:
    """Do the next slice, as whoever asked for all of it. Runs twice without harm: the place reached is kept.

    `by` is that actor where the caller knows it; a job knows the id and the name, which are of staff.
    """
    bulk = queries.lock_bulk(bulk_id)
    if bulk.state == "done":
        return bulk
    numbers, cursor = _next_of_bulk(bulk) if bulk.undoes else _next_of_list(bulk)
    _work(bulk, numbers, by or Actor("staff", id=bulk.asked_by, name=bulk.asked_by_name))
    bulk.cursor, bulk.state = cursor, "running" if cursor else "done"
    db.flush()
    return bulk


def _opened(action: str, by: Actor, **values: object) -> OrderBulk:
    bulk = OrderBulk(action=action, asked_by=by.id, asked_by_name=by.name, wanted={}, done=0, refused=0, **values)
    db.add(bulk)
    db.flush()
    audit.record(by, f"orders.{action}_many", bulk)
    return bulk


def _next_of_list(bulk: OrderBulk) -> tuple[list[str], str]:
    wanted = msgspec.convert(bulk.wanted | {"cursor": bulk.cursor}, OrderFilter)
    found = queries.listing(wanted, SLICE)
    return [order.number for order in found.rows], found.next


def _next_of_bulk(bulk: OrderBulk) -> tuple[list[str], str]:
    assert bulk.undoes is not None
    numbers = list(queries.done_in(bulk.undoes, bulk.cursor, SLICE))
    return numbers, numbers[-1] if len(numbers) == SLICE else ""


def _work(bulk: OrderBulk, numbers: Sequence[str], by: Actor) -> None:
    """Locked in the order of their ids first, so that two people doing this never wait for each other."""
    known = {order.number for order in queries.lock_many(numbers)}
    for number in dict.fromkeys(numbers):
        if number not in known:
            continue
        problem = _do(bulk, number, by)
        bulk.refused, bulk.done = bulk.refused + bool(problem), bulk.done + (not problem)
        db.add(OrderBulkRow(bulk_id=bulk.id, number=number, problem=problem))
    db.flush()


def _do(bulk: OrderBulk, number: str, by: Actor) -> str:
    """Every service refuses before it changes anything, so a refusal needs no way back."""
    try:
        match bulk.action:
            case "fulfil":
                delivery.fulfil(number, Fulfil(), by=by)
            case "cancel":
                delivery.cancel(number, reason=bulk.argument, restock=bulk.restock, by=by)
            case "archive" | "unarchive":
                keeping.set_archived(number, bulk.action == "archive", by=by)
            case "tag":
                keeping.add_tag(number, bulk.argument, by=by)
            case "untag":
                keeping.remove_tag(number, bulk.argument, by=by)
    except DomainError as refusal:
        return refusal.sentence
    return ""
