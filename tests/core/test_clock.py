"""The clock tells the time and can be stopped."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.core import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_time_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_a_frozen_clock_stands_still_and_runs_again_afterwards():
    with clock.frozen(NOON):
        assert clock.now() == clock.now() == NOON

    assert clock.now() > NOON


def test_another_time_zone_is_turned_into_utc():
    with clock.frozen(datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))):
        assert clock.now() == NOON
        assert clock.now().utcoffset() == timedelta(0)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.frozen(NOON.replace(tzinfo=None)):
        pass
