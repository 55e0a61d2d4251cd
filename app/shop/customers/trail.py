"""What the audit trail says about customers."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "customer.created": mark("%(who)s added the customer %(what)s"),
        "customer.edited": mark("%(who)s changed the customer %(what)s"),
        "customer.erased": mark("%(who)s erased the personal data of the customer %(what)s"),
        "customer.tagged": mark("%(who)s tagged the customer %(what)s"),
        "customer.untagged": mark("%(who)s took a tag off the customer %(what)s"),
        "customer.unsubscribed": mark("%(who)s took the customer %(what)s off the newsletter"),
        "customer.address_added": mark("%(who)s added an address of the customer %(what)s"),
        "customer.address_changed": mark("%(who)s changed an address of the customer %(what)s"),
        "customer.address_removed": mark("%(who)s removed an address of the customer %(what)s"),
    },
    things={
        "customer": mark("Customer"),
        "customer_address": mark("Address of a customer"),
        "customer_tag": mark("Tag of a customer"),
        "subscriber": mark("Newsletter"),
    },
)
