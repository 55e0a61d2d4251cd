"""From a cart to an order, once."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.core import clock, db
from app.core.access import Actor
from app.core.events import publish
from app.core.text import fold, name_keys, normalise_email
from app.platform.tenancy import plans
from app.shop.catalog import service as catalog
from app.shop.catalog.queries import variants_by_ids
from app.shop.catalog.schemas import Picture, SellableVariant
from app.shop.customers import service as customers
from app.shop.customers.hooks import Spending
from app.shop.orders import events, queries
from app.shop.orders.errors import ItemGone, TotalsDoNotAddUp
from app.shop.orders.models import Order, OrderLine
from app.shop.orders.schemas import NewLine, NewOrder
from app.shop.orders.service import notes

THUMBNAIL_WIDTH = 160


def place(
    new: NewOrder, sellable: Mapping[UUID, SellableVariant] | None = None, *, written_by: Actor | None = None
) -> Order:
    """Turn a cart into an order, once: a second call with the same cart returns the first order.

    `sellable` is what the catalogue told the caller of the variants in this transaction. `written_by` wrote the order
    for its buyer.

    Takes the stock, gives the number and publishes OrderReceived. The order is pending until
    `record_payment` or `mark_awaiting_payment`. Raises OutOfStock (catalog), PlanLimitReached, ItemGone and
    TotalsDoNotAddUp; the caller's transaction must then end without a commit.
    """
    _check_totals(new)
    with db.session.begin_nested() as attempt:
        # The counter's row lock lets one buyer of a shop through at a time, so that the look-up
        # below sees whatever a doubled submit has placed meanwhile.
        number = str(db.next_number("order"))
        placed_before = queries.by_cart(new.cart_id)
        if placed_before is not None:
            attempt.rollback()
    if placed_before is not None:
        return placed_before
    if not new.is_sample:
        plans.make_room("orders_month")
    order = _order_from(new, number, sellable)
    catalog.take_stock([(line.variant_id, line.quantity) for line in new.lines])
    code = "received" if written_by is None else "written"
    notes.write(order, "received", code, written_by, who=order.customer_name or order.email)
    publish(events.OrderReceived(order_id=order.id, number=number))
    return order


def _check_totals(new: NewOrder) -> None:
    """Refuse arithmetic that cannot be right, whoever did it."""
    subtotal = sum(line.unit_price * line.quantity for line in new.lines)
    added = 0 if new.prices_include_tax else new.tax
    is_right = subtotal == new.subtotal and new.total == new.subtotal + new.shipping + added
    if not new.lines or not is_right or min(new.shipping, new.tax, new.total) < 0:
        raise TotalsDoNotAddUp()


def _order_from(new: NewOrder, number: str, sellable: Mapping[UUID, SellableVariant] | None) -> Order:
    if sellable is None:
        sellable = variants_by_ids([line.variant_id for line in new.lines])
    email = normalise_email(new.email)
    name = new.shipping_address.get("name", "").strip()
    customer_id = new.customer_id
    if customer_id is None:
        customer_id = customers.remember(email, name, new.shipping_address, accepts_marketing=new.accepts_marketing).id
    name_key, surname_key = name_keys(name)
    order = Order(
        number=number,
        cart_id=new.cart_id,
        customer_id=customer_id,
        email=email,
        customer_name=name,
        name_key=name_key,
        surname_key=surname_key,
        search=fold(f"{number} {name} {email}"),
        payment_status="pending" if new.total else "paid",
        placed_at=clock.now(),
        item_count=sum(line.quantity for line in new.lines),
        billing_address=new.billing_address or new.shipping_address,
        tax_lines=list(new.tax_lines),
        **{field: getattr(new, field) for field in _COPIED},
    )
    order.lines.extend(_lines(new.lines, sellable))
    db.add(order)
    db.flush()
    return order


_COPIED = (
    "locale",
    "currency",
    "subtotal",
    "shipping",
    "tax",
    "total",
    "prices_include_tax",
    "shipping_address",
    "shipping_name",
    "payment_gateway",
    "payment_title",
    "payment_instructions",
    "note",
    "is_sample",
)


def _lines(wanted: Iterable[NewLine], sellable: Mapping[UUID, SellableVariant]) -> list[OrderLine]:
    """Snapshots of what is sold; raises ItemGone when something left the shop meanwhile."""
    lines = []
    for position, line in enumerate(wanted):
        variant = sellable.get(line.variant_id)
        if variant is None:
            raise ItemGone()
        lines.append(
            OrderLine(
                position=position,
                variant_id=variant.id,
                product_id=variant.product_id,
                handle=variant.handle,
                product_title=variant.product_title,
                variant_title="" if variant.title == "Default Title" else variant.title,
                sku=variant.sku,
                image_key=_thumbnail(variant.image),
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
            )
        )
    return lines


def _thumbnail(image: Picture | None) -> str:
    """The key of the smallest picture that is sharp in a list; every browser reads WebP."""
    if image is None:
        return ""
    fitting = [
        rendition
        for rendition in image.renditions
        if rendition.get("format") == "webp" and rendition.get("width", 0) >= THUMBNAIL_WIDTH
    ]
    return min(fitting, key=lambda rendition: rendition["width"])["key"] if fitting else image.key


def adopt(customer_id: UUID, guest_id: UUID) -> int:
    """Move a guest's orders to the customer who proved the guest's address; returns how many."""
    moved = queries.lock_orders_of(guest_id)
    for order in moved:
        order.customer_id = customer_id
    db.flush()
    customers.note_spending(customer_id, queries.spending([customer_id]).get(customer_id, Spending()))
    return len(moved)


def note_spending(order_id: UUID) -> None:
    """Tell the customers room what the buyer of this order bought so far."""
    customer_id = queries.by_id(order_id).customer_id
    if customer_id is not None:
        customers.note_spending(customer_id, queries.spending([customer_id]).get(customer_id, Spending()))


def count_sold(order_id: UUID) -> None:
    """Tell the catalogue once what was sold, for its list of favourites."""
    order = queries.lock(order_id)
    if order.is_counted_as_sold:
        return
    order.is_counted_as_sold = True
    catalog.count_sold([(line.product_id, line.quantity) for line in order.lines])
    catalog.count_together(line.product_id for line in order.lines)
