"""Reading orders: lists, one, its history, files."""

from __future__ import annotations

from flask import Response

from app.core import clock, ids
from app.core.access import requires
from app.core.errors import NotFound
from app.core.rest import Expansion, Page, accepts, page_of, returns
from app.core.rest_files import file_response, gives
from app.core.web import page
from app.shop.catalog.api import products, variants
from app.shop.catalog.schemas import ProductOut, VariantOut
from app.shop.customers import api as customers_api
from app.shop.customers import queries as people
from app.shop.customers.programs import CustomerOut
from app.shop.orders import exporting, queries
from app.shop.orders.api.entrance import ORDER, door, out, shown
from app.shop.orders.programs import EntryOut, ListOrders, OrderOut, OrdersOfCustomer, TimelineOut
from app.shop.orders.schemas import OrderFilter
from app.shop.payments import api as payments
from app.shop.payments.programs import PaymentOut

BESIDE = {
    "customer": Expansion(CustomerOut, "customers.read", customers_api.expanded, at="customer_id"),
    "payments": Expansion(list[PaymentOut], "orders.read", payments.expanded),
    "lines.variant": Expansion(VariantOut, "products.read", variants.expanded, at="variant_id"),
    "lines.product": Expansion(ProductOut, "products.read", products.expanded, at="product_id"),
}


def expanded(order_ids: list[str]) -> dict[str, OrderOut]:
    """Orders by their ids, for answers that name them."""
    return {one.id: one for one in map(out, queries.several([ids.from_public(ORDER, one) for one in order_ids]))}


payments.BESIDE["order"] = Expansion(OrderOut, "orders.read", expanded, at="order_id")


@door.get("/orders")
@requires("orders.read")
@returns(Page[OrderOut], expands=BESIDE)
@accepts(ListOrders)
def list_orders(wanted: ListOrders) -> Page[OrderOut]:
    """List orders, newest first or as `sort` says."""
    narrowed = queries.Wanted(
        wanted.status, wanted.payment_status, wanted.created_from, wanted.created_before, wanted.updated_since,
        wanted.updated_before, wanted.fulfilment_status, wanted.number, wanted.email,
        ids.named("cus", wanted.customer_id, "customer_id") if wanted.customer_id else None,
        wanted.tag, wanted.archived, wanted.sort,
    )  # fmt: skip
    found = queries.for_programs(narrowed, wanted.cursor or "", wanted.limit)
    return page_of([out(order) for order in found.rows], found.next or None)


@door.get("/customers/<customer_id>/orders")
@requires("orders.read")
@returns(Page[OrderOut], errors=(NotFound,), expands=BESIDE)
@accepts(OrdersOfCustomer)
def list_orders_of_customer(wanted: OrdersOfCustomer, customer_id: str) -> Page[OrderOut]:
    """List the orders of one customer, newest first or as `sort` says."""
    narrowed = queries.Wanted(
        created_from=wanted.created_from, created_before=wanted.created_before, updated_since=wanted.updated_since,
        updated_before=wanted.updated_before,
        customer_id=people.get(ids.from_public("cus", customer_id)).id, sort=wanted.sort,
    )  # fmt: skip
    found = queries.for_programs(narrowed, wanted.cursor or "", wanted.limit)
    return page_of([out(order) for order in found.rows], found.next or None)


@door.get("/orders/<order_id>")
@requires("orders.read")
@returns(OrderOut, errors=(NotFound,), expands=BESIDE)
def get_order(order_id: str) -> OrderOut:
    """Read one order."""
    return shown(order_id)


@door.get("/orders/<order_id>/timeline")
@requires("orders.read")
@returns(TimelineOut, errors=(NotFound,))
def read_timeline(order_id: str) -> TimelineOut:
    """What happened to an order, and what staff noted, newest first."""
    order = queries.by_id(ids.from_public(ORDER, order_id))
    entries = queries.timeline(order.id)
    return TimelineOut([EntryOut(one.at, one.kind, one.text, one.by) for one in entries])


@door.get("/orders/<order_id>/invoice")
@requires("orders.read")
@gives("text/html")
@returns(str, errors=(NotFound,))
def print_invoice(order_id: str) -> Response:
    """The order with prices and taxes as a page for the printer."""
    return page(PRINTED, orders=[queries.by_id(ids.from_public(ORDER, order_id))], kind="invoice")


@door.get("/orders/<order_id>/packing-slip")
@requires("orders.read")
@gives("text/html")
@returns(str, errors=(NotFound,))
def print_packing_slip(order_id: str) -> Response:
    """What goes into the parcel, without prices, as a page for the printer."""
    return page(PRINTED, orders=[queries.by_id(ids.from_public(ORDER, order_id))], kind="slip")


@door.get("/orders/export.csv")
@requires("orders.export")
@gives("text/csv")
@returns(str)
def export_orders() -> Response:
    """Every order as a file, a line for each item."""
    return file_response("".join(exporting.pieces(OrderFilter())), "text/csv", f"orders-{clock.now():%Y-%m-%d}.csv")


PRINTED = "orders/backoffice/print.html"
