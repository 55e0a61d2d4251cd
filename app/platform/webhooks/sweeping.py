"""How long deliveries are kept."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.core import clock, db
from app.platform.webhooks.models import SENDING, WebhookDelivery

KEPT = timedelta(days=30)
_BATCH = 1000


def remove_old() -> int:
    """Remove a batch of deliveries of thirty days ago, those too that wait for a paused endpoint; returns how many."""
    old = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.created_at < clock.now() - KEPT, WebhookDelivery.state != SENDING)
        .limit(_BATCH)
    )
    found = list(db.session.scalars(old))
    if found:
        statement = delete(WebhookDelivery).where(WebhookDelivery.id.in_(found))
        db.session.execute(statement.execution_options(synchronize_session=False))
    return len(found)
