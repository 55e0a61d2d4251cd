"""What the audit trail says about orders."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "order.written": mark("%(who)s wrote the order %(what)s"),
        "order.fulfilled": mark("%(who)s sent items of the order %(what)s"),
        "order.cancelled": mark("%(who)s cancelled the order %(what)s"),
        "order.archived": mark("%(who)s archived the order %(what)s"),
        "order.unarchived": mark("%(who)s took the order %(what)s out of the archive"),
        "order.tagged": mark("%(who)s tagged the order %(what)s"),
        "order.untagged": mark("%(who)s took a tag off the order %(what)s"),
        "order.noted": mark("%(who)s wrote a note on the order %(what)s"),
        "order.looked_after": mark("%(who)s settled what the order %(what)s waited for"),
        "order.marked_paid": mark("%(who)s marked the order %(what)s as paid"),
        "order.refund_asked": mark("%(who)s gave money back for the order %(what)s"),
        "order.held_accepted": mark("%(who)s accepted the held payment of the order %(what)s"),
        "order.held_returned": mark("%(who)s sent the held payment of the order %(what)s back"),
        "orders.archive_many": mark("%(who)s archived many orders"),
        "orders.unarchive_many": mark("%(who)s took many orders out of the archive"),
        "orders.tag_many": mark("%(who)s tagged many orders"),
        "orders.untag_many": mark("%(who)s took a tag off many orders"),
    },
    things={
        "order": mark("Order"),
        "order_line": mark("Line of an order"),
        "order_tag": mark("Tag of an order"),
        "fulfilment": mark("Parcel"),
        "order_bulk": mark("Action on many orders"),
    },
)
