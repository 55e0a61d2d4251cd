"""What the audit trail says about payments."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "payment.received": mark("%(who)s noted that the payment %(what)s arrived"),
        "payment.held": mark("%(who)s held the payment %(what)s, which is not the amount asked for"),
        "payment.accepted": mark("%(who)s accepted the payment %(what)s although it is another amount"),
        "payment.doubled": mark("%(who)s found the payment %(what)s to be paid twice and sends it back"),
        "payment.refund_requested": mark("%(who)s asked for money of the payment %(what)s to go back"),
        "payment_method.set": mark("%(who)s switched the way to pay %(what)s on or off"),
        "payment_method.configured": mark("%(who)s set up the way to pay %(what)s"),
    },
    things={
        "payment": mark("Payment"),
        "refund": mark("Refund"),
        "payment_method": mark("Way to pay"),
    },
)
