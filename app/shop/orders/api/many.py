"""One action on many orders, with a result for each."""

from __future__ import annotations

from app.core import access
from app.core.access import current_actor, requires
from app.core.errors import Forbidden, NotFound
from app.core.ids import from_public, named, to_public, unknown
from app.core.rest import accepts, returns
from app.shop.orders import jobs, queries, service
from app.shop.orders.api.entrance import ORDER, door
from app.shop.orders.errors import CannotBeUndone
from app.shop.orders.models import OrderBulk
from app.shop.orders.programs import MOST_AT_ONCE, ManyOrders, ManyOut, RowOfMany
from app.shop.orders.schemas import OrderFilter

NEEDS = {"fulfil": "orders.fulfil", "cancel": "orders.cancel"}


@door.post("/orders/actions")
@requires("orders.read")
@returns(ManyOut, status=201)
@accepts(ManyOrders)
def act_on_many(body: ManyOrders) -> ManyOut:
    """Do one thing to up to 200 orders; what cannot be done to one is said in its row and stops no other.

    Needs the scope of the action itself: `orders.fulfil`, `orders.cancel`, or else `orders.organise`.
    """
    if not access.may(NEEDS.get(body.action, "orders.organise")):
        raise Forbidden
    wanted = [named(ORDER, one, f"order_ids[{place}]") for place, one in enumerate(body.order_ids)]
    try:
        numbers = queries.numbers_of(wanted)
    except NotFound:
        raise unknown("order_ids") from None
    argument = body.reason if body.action == "cancel" else body.tag.strip()
    done = service.bulk.start(
        body.action, numbers, OrderFilter(), argument=argument, restock=body.restock, by=current_actor()
    )
    return _out(done)


@door.get("/orders/actions/<bulk_id>")
@requires("orders.read")
@returns(ManyOut, errors=(NotFound,))
def show_action(bulk_id: str) -> ManyOut:
    """What became of each order."""
    return _out(queries.bulk(from_public("bulk", bulk_id)))


@door.post("/orders/actions/<bulk_id>/undo")
@requires("orders.organise")
@returns(ManyOut, errors=(NotFound, CannotBeUndone), status=201)
def undo_action(bulk_id: str) -> ManyOut:
    """Take tags or archiving back, order by order."""
    by = current_actor()
    undone = service.bulk.undo(from_public("bulk", bulk_id), by=by)
    for _slice in range(MOST_AT_ONCE // service.bulk.SLICE):
        undone = service.bulk.go_on(undone.id, by=by)
    if undone.state == "running":
        jobs.go_on_with_bulk.enqueue(bulk_id=undone.id)
    return _out(undone)


def _out(bulk: OrderBulk) -> ManyOut:
    rows = queries.bulk_rows(bulk.id, "", only_problems=False, size=200).rows
    return ManyOut(
        to_public("bulk", bulk.id), bulk.action, bulk.state, bulk.done, bulk.refused,
        [RowOfMany(row.number, row.problem) for row in rows],
    )  # fmt: skip
