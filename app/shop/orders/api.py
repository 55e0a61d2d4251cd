"""Orders for programs."""

import msgspec

from app.core.access import current_actor, requires
from app.core.ids import from_public, to_public
from app.core.rest import ApiDoor, Page, accepts, page_of, returns
from app.shop.orders import queries, service
from app.shop.orders.errors import NothingToFulfil, OrderAlreadyShipped, OrderNotOpen, TooManyFulfilled
from app.shop.orders.models import Fulfilment, Order, OrderLine
from app.shop.orders.schemas import (
    AddressOut,
    CancelIt,
    Fulfil,
    FulfilLine,
    FulfilmentOut,
    ListOrders,
    NewFulfilment,
    OrderLineOut,
    OrderOut,
)

door = ApiDoor("orders")


@door.get("/orders")
@requires("orders.read")
@returns(Page[OrderOut])
@accepts(ListOrders)
def list_orders(wanted: ListOrders) -> Page[OrderOut]:
    """List orders, newest first."""
    narrowed = queries.Wanted(wanted.status, wanted.payment_status, wanted.created_from, wanted.created_before)
    found = queries.for_programs(narrowed, wanted.cursor or "", wanted.limit)
    return page_of([_out(order) for order in found.rows], found.next or None)


@door.get("/orders/<order_id>")
@requires("orders.read")
@returns(OrderOut)
def get_order(order_id: str) -> OrderOut:
    """Read one order."""
    return _out(queries.by_id(from_public("ord", order_id)))


@door.post("/orders/<order_id>/cancel")
@requires("orders.cancel")
@returns(OrderOut, errors=(OrderAlreadyShipped, OrderNotOpen))
@accepts(CancelIt)
def cancel_order(body: CancelIt, order_id: str) -> OrderOut:
    """Cancel an order that has not left. Money goes back by a refund, which is a step of its own."""
    order = queries.by_id(from_public("ord", order_id))
    return _out(service.cancel(order.number, reason=body.reason, restock=body.restock, by=current_actor()))


@door.post("/orders/<order_id>/fulfilments")
@requires("orders.fulfil")
@returns(OrderOut, errors=(OrderNotOpen, NothingToFulfil, TooManyFulfilled), status=201)
@accepts(NewFulfilment)
def fulfil_order(body: NewFulfilment, order_id: str) -> OrderOut:
    """Note that a parcel left; the buyer gets a mail."""
    order = queries.by_id(from_public("ord", order_id))
    lines = [FulfilLine(from_public("line", item.line_id), item.quantity) for item in body.items]
    parcel = Fulfil(body.carrier, body.tracking_number, body.tracking_url, lines)
    return _out(service.fulfil(order.number, parcel, by=current_actor()))


def _out(order: Order) -> OrderOut:
    plain = {name: getattr(order, name) for name in _SAME}
    return OrderOut(
        id=to_public("ord", order.id),
        customer_id=to_public("cus", order.customer_id) if order.customer_id else None,
        payment_method=order.payment_gateway,
        shipping_address=msgspec.convert(order.shipping_address, AddressOut),
        billing_address=msgspec.convert(order.billing_address, AddressOut),
        lines=[_line_out(line) for line in order.lines],
        fulfilments=[_parcel_out(parcel) for parcel in order.fulfilments],
        **plain,
    )


def _line_out(line: OrderLine) -> OrderLineOut:
    return OrderLineOut(
        id=to_public("line", line.id),
        variant_id=to_public("var", line.variant_id),
        product_id=to_public("prod", line.product_id),
        product_title=line.product_title,
        variant_title=line.variant_title,
        sku=line.sku,
        quantity=line.quantity,
        fulfilled=line.fulfilled,
        unit_price=line.unit_price,
        total=line.total,
    )


def _parcel_out(parcel: Fulfilment) -> FulfilmentOut:
    return FulfilmentOut(
        id=to_public("ful", parcel.id),
        shipped_at=parcel.shipped_at,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
    )


_SAME = (
    "number",
    "status",
    "payment_status",
    "fulfilment_status",
    "placed_at",
    "email",
    "currency",
    "subtotal",
    "shipping",
    "tax",
    "total",
    "paid",
    "refunded",
    "prices_include_tax",
    "shipping_name",
    "note",
)
