"""Geometry of the charts on the home page: numbers in, SVG paths and places out. No script draws anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 752, 14, 224
TIP_WIDTH = 118


@dataclass(frozen=True)
class Point:
    """One day: where it is, what it holds, and where its label goes."""

    x: float
    y: float
    tip_x: float
    tip_y: float
    left: float
    width: float
    day: date
    label: str
    amount: int
    before: int
    orders: int

    @property
    def change(self) -> int | None:
        """Whole percent against the same day of the period before; None when that had nothing."""
        return round(100 * (self.amount - self.before) / self.before) if self.before else None


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its amount."""

    y: float
    amount: int


@dataclass(frozen=True)
class Chart:
    """Everything the template draws."""

    line: str
    area: str
    before: str
    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]

    @property
    def labels(self) -> list[Point]:
        """About six days that are named below the chart."""
        step = max(1, len(self.points) // 6)
        return list(self.points[::step])


@dataclass(frozen=True)
class Day:
    """What a day brought, beside the same day of the period before. `label` is the day as people write it."""

    day: date
    label: str
    amount: int
    before: int
    orders: int


def draw(days: Sequence[Day]) -> Chart:
    """The chart of a period."""
    top = _nice_top(max((max(one.amount, one.before) for one in days), default=0))
    step = (RIGHT - LEFT) / max(len(days) - 1, 1)
    points = tuple(_point(one, LEFT + place * step, top, step) for place, one in enumerate(days))
    now = [(point.x, point.y) for point in points]
    line = smooth(now)
    return Chart(
        line=line,
        area=f"{line}L{points[-1].x:.1f} {BOTTOM}L{points[0].x:.1f} {BOTTOM}Z" if points else "",
        before=smooth([(point.x, _height(point.before, top)) for point in points]),
        points=points,
        ticks=tuple(Tick(_height(top * quarter // 4, top), top * quarter // 4) for quarter in range(5)),
    )


def spark(values: Sequence[int]) -> str:
    """A small line of 88 by 30."""
    low, high = min(values, default=0), max(values, default=0)
    span = (high - low) or 1
    step = 84 / max(len(values) - 1, 1)
    return smooth([(2 + place * step, 27 - 24 * (value - low) / span) for place, value in enumerate(values)])


def smooth(places: Sequence[tuple[float, float]]) -> str:
    """An SVG path through these places, with horizontal tangents so that it never overshoots."""
    if not places:
        return ""
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(places):
        middle = (x0 + x1) / 2
        path += f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path


def _point(one: Day, x: float, top: int, step: float) -> Point:
    y = _height(one.amount, top)
    tip_x = min(max(x - TIP_WIDTH / 2, LEFT), RIGHT - TIP_WIDTH)
    tip_y = max(y - 58, 4)
    return Point(x, y, tip_x, tip_y, x - step / 2, step, one.day, one.label, one.amount, one.before, one.orders)


def _height(amount: int, top: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * amount / top if top else BOTTOM


def _nice_top(highest: int) -> int:
    """The next round number above the highest value, dividable by four."""
    if highest <= 0:
        return 400
    quarter = -(-highest // 4)
    size: int = 10 ** (len(str(quarter)) - 1)
    return 4 * size * next(factor for factor in (1, 2, 3, 4, 5, 8, 10) if size * factor >= quarter)
