"""The one place that asks what time it is, so that a test can say it instead."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return _stopped_at.get() or datetime.now(UTC)


def stopped_at() -> datetime | None:
    """The moment at which a test has stopped the clock: for work that goes on in another thread."""
    return _stopped_at.get()


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock at an aware moment for the length of a test.

    Raises ValueError for a naive moment: it would compare with nothing in the database.
    """
    if at.tzinfo is None:
        raise ValueError("A frozen clock needs a time zone, for example datetime(2026, 1, 1, tzinfo=UTC).")
    token = _stopped_at.set(at.astimezone(UTC))
    try:
        yield at.astimezone(UTC)
    finally:
        _stopped_at.reset(token)
