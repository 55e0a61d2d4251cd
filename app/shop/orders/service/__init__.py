"""Everything that changes orders."""

from app.shop.orders.service.delivery import cancel, fulfil, fulfil_many
from app.shop.orders.service.notes import add_note, note_mail, settle_attention
from app.shop.orders.service.payment import (
    give_up,
    mark_awaiting_payment,
    mark_paid,
    payment_failed,
    record_payment,
    record_refund,
    refund,
    refund_failed,
)
from app.shop.orders.service.placing import adopt, count_sold, place

__all__ = [
    "add_note",
    "adopt",
    "cancel",
    "count_sold",
    "fulfil",
    "fulfil_many",
    "give_up",
    "mark_awaiting_payment",
    "mark_paid",
    "note_mail",
    "payment_failed",
    "place",
    "record_payment",
    "record_refund",
    "refund",
    "refund_failed",
    "settle_attention",
]
