"""Dates as people write them, in the shop's language and time zone."""

from __future__ import annotations

import datetime as calendar
from functools import lru_cache
from typing import Literal

from babel import Locale, dates

Style = Literal["short", "medium", "long", "full"]


def date(moment: calendar.date, locale: str, zone: str, *, style: str = "medium") -> str:
    """`22 Nov 2026`, from a date or from a moment in time."""
    if isinstance(moment, calendar.datetime):
        moment = moment.astimezone(dates.get_timezone(zone)).date()
    return _day(moment, _style(style), locale)


def datetime(moment: calendar.datetime, locale: str, zone: str, *, style: str = "medium") -> str:
    """`22 Nov 2026, 14:05`: the date in the style that is asked for, the time always short."""
    own = moment.astimezone(dates.get_timezone(zone))
    return f"{_day(own.date(), _style(style), locale)}, {_time(own.hour, own.minute, locale)}"


def ago(moment: calendar.datetime, now: calendar.datetime, locale: str) -> str:
    """`3 hours ago`."""
    return dates.format_timedelta(moment - now, add_direction=True, locale=_locale(locale))


@lru_cache(maxsize=1024)
def _day(day: calendar.date, style: Style, locale: str) -> str:
    return dates.format_date(day, format=style, locale=_locale(locale))


@lru_cache(maxsize=2048)
def _time(hour: int, minute: int, locale: str) -> str:
    return dates.format_time(calendar.time(hour, minute), format="short", locale=_locale(locale))


def _style(style: str) -> Style:
    return style if style in {"short", "medium", "long", "full"} else "medium"  # type: ignore[return-value]  # checked


def _locale(name: str) -> Locale:
    return Locale.parse(name.replace("-", "_"))
