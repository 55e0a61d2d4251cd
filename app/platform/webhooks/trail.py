"""What the audit trail says about webhooks."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "webhook_endpoint.added": mark("%(who)s added the webhook %(what)s"),
        "webhook_endpoint.changed": mark("%(who)s changed the webhook %(what)s"),
        "webhook_endpoint.removed": mark("%(who)s removed the webhook %(what)s"),
        "webhook_endpoint.secret_changed": mark("%(who)s gave the webhook %(what)s a new secret"),
        "webhook_endpoint.paused": mark("%(who)s paused the webhook %(what)s"),
        "webhook_endpoint.resumed": mark("%(who)s let the webhook %(what)s go on"),
        "webhook_endpoint.replayed": mark("%(who)s had past facts sent again to the webhook %(what)s"),
        "webhook_delivery.sent_again": mark("%(who)s had a delivery sent again: %(what)s"),
    },
    things={
        "webhook_endpoint": mark("Webhook"),
        "webhook_delivery": mark("Delivery of a webhook"),
    },
)
