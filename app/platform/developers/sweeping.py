"""How long requests of programs are kept."""

from datetime import timedelta

from sqlalchemy import delete

from app.core import clock, db, rest_batches, rest_keys
from app.platform.developers.models import ApiRequest

KEPT = timedelta(days=7)


def remove_old() -> None:
    """Lines of more than a week ago, and answers of more than a day ago."""
    rest_keys.remove_old()
    rest_batches.remove_old()
    db.session.execute(delete(ApiRequest).where(ApiRequest.at < clock.now() - KEPT))
