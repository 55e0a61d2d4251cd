"""Everything that changes orders."""

from app.shop.orders.service import bulk
from app.shop.orders.service.delivery import cancel, fulfil
from app.shop.orders.service.keeping import add_tag, remove_tag, set_archived, set_tags
from app.shop.orders.service.notes import add_note, note_mail, settle_attention
from app.shop.orders.service.payment import (
    accept_held,
    give_up,
    mark_awaiting_payment,
    mark_paid,
    payment_failed,
    payment_held,
    record_payment,
    record_refund,
    refund,
    refund_failed,
    return_held,
)
from app.shop.orders.service.placing import adopt, count_sold, note_spending, place
from app.shop.orders.service.recounting import recount
from app.shop.orders.service.writing import quote, write

__all__ = [
    "accept_held",
    "add_note",
    "add_tag",
    "adopt",
    "bulk",
    "cancel",
    "count_sold",
    "fulfil",
    "give_up",
    "mark_awaiting_payment",
    "mark_paid",
    "note_mail",
    "note_spending",
    "payment_failed",
    "payment_held",
    "place",
    "quote",
    "record_payment",
    "record_refund",
    "recount",
    "refund",
    "refund_failed",
    "remove_tag",
    "return_held",
    "set_archived",
    "set_tags",
    "settle_attention",
    "write",
]
