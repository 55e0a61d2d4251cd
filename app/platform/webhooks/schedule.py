"""When a failed delivery is tried again: ten attempts over about 75 hours."""

from __future__ import annotations

import random
from datetime import timedelta

MINUTE, HOUR = 60, 3600
WAITS = (5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 20 * HOUR, 37 * HOUR)
"""Seconds after the first, second, ... ninth failure; the tenth is the last."""
MOST_ATTEMPTS = len(WAITS) + 1
_JITTER = 0.1
_LONGEST_ASKED = 24 * HOUR


def wait_after(attempts: int, asked: float | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts; None when there is no further one.

    Spread by a tenth, so that receivers that come back are not hit by all shops in one second. `asked` is a receiver's
    Retry-After: never sooner than that, up to a day.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    planned = WAITS[attempts - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - nothing secret
    return timedelta(seconds=max(planned, min(asked or 0.0, _LONGEST_ASKED)))
