"""The periods of the home page, in the shop's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core import clock


@dataclass(frozen=True)
class Period:
    """So many days up to now, today included, and as many before.

    `until` is the end of today; a single day is compared with yesterday up to the same time of day.
    """

    days: int
    timezone: str
    now: datetime

    @property
    def today(self) -> date:
        """Today's date at the shop."""
        return self.now.date()

    @property
    def first(self) -> date:
        """The first day of the period."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def first_before(self) -> date:
        """The first day of the period before."""
        return self.today - timedelta(days=2 * self.days - 1)

    @property
    def is_one_day(self) -> bool:
        """Shown by hours, not by days."""
        return self.days == 1

    def start_of(self, day: date) -> datetime:
        """Midnight of a day of the shop's calendar."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))

    @property
    def until(self) -> datetime:
        """The end of today."""
        return self.start_of(self.today + timedelta(days=1))

    @property
    def yesterday_until_now(self) -> datetime:
        """Yesterday at the time of day that it is now."""
        return self.now - timedelta(days=1)

    def past_days(self) -> list[date]:
        """Every day before today that the page speaks of."""
        return [self.first_before + timedelta(days=number) for number in range(2 * self.days - 1)]


def last(days: int, timezone: str) -> Period:
    """The period of so many days that ends now."""
    return Period(days, timezone, clock.now().astimezone(ZoneInfo(timezone)))
