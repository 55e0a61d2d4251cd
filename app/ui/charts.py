"""Geometry of charts: numbers in, SVG paths and places out. Pages draw them with ui/charts.html; no script does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 760, 250
LEFT, RIGHT, TOP, BOTTOM = 56, 752, 14, 224
TIP_WIDTH = 132
LABELS = 6


@dataclass(frozen=True)
class Entry:
    """One step of time: its short and its whole name, what it brought, and what the same step before brought.

    `now` is None for what has not happened yet. `further` are more columns of the table behind the chart.
    """

    label: str
    title: str
    now: int | None
    before: int
    further: tuple[int | None, ...] = ()

    @property
    def change(self) -> int | None:
        """Whole percent against the step before; None when that had nothing."""
        return round(100 * (self.now - self.before) / self.before) if self.before and self.now is not None else None


@dataclass(frozen=True)
class Point:
    """Where an entry stands, and where its label goes."""

    entry: Entry
    x: float
    y: float
    tip_x: float
    tip_y: float
    left: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its amount."""

    y: float
    amount: int


@dataclass(frozen=True)
class Chart:
    """Everything that the macros of ui/charts.html draw."""

    line: str
    area: str
    before: str
    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]

    @property
    def labels(self) -> list[Point]:
        """About six steps that are named below the chart."""
        step = max(1, len(self.points) // LABELS)
        return list(self.points[::step])

    @property
    def is_empty(self) -> bool:
        """Nothing at all to draw, now and before."""
        return not any(point.entry.now or point.entry.before for point in self.points)


@dataclass(frozen=True)
class Share:
    """A bar of a ranking: how long it is, of 100."""

    value: int
    length: float


def area(entries: Sequence[Entry]) -> Chart:
    """A line with the surface below it, and a dashed line for the period before."""
    top = _top_of(entries)
    step = (RIGHT - LEFT) / max(len(entries) - 1, 1)
    points = tuple(_point(one, LEFT + place * step, top, step) for place, one in enumerate(entries))
    now = [(point.x, point.y) for point in points if point.entry.now is not None]
    line = smooth(now)
    return Chart(
        line=line,
        area=f"{line}L{now[-1][0]:.1f} {BOTTOM}L{now[0][0]:.1f} {BOTTOM}Z" if now else "",
        before=smooth([(point.x, _height(point.entry.before, top)) for point in points]),
        points=points,
        ticks=_ticks(top),
    )


def bars(entries: Sequence[Entry]) -> Chart:
    """A column for each entry, with a dash where the period before stood."""
    top = _top_of(entries)
    step = (RIGHT - LEFT) / max(len(entries), 1)
    points = tuple(_point(one, LEFT + (place + 0.5) * step, top, step) for place, one in enumerate(entries))
    return Chart(line="", area="", before=_dashes(points, top), points=points, ticks=_ticks(top))


def ranking(values: Sequence[int]) -> list[Share]:
    """Horizontal bars, the longest as long as there is room."""
    most = max(values, default=0)
    return [Share(value, round(100 * value / most, 1) if most > 0 else 0) for value in values]


def spark(values: Sequence[int]) -> str:
    """A small line of 88 by 30."""
    low, high = min(values, default=0), max(values, default=0)
    span = (high - low) or 1
    step = 84 / max(len(values) - 1, 1)
    return smooth([(2 + place * step, 27 - 24 * (value - low) / span) for place, value in enumerate(values)])


def in_steps(values: Sequence[int], steps: int = 14) -> list[int]:
    """The same values in about so many sums, so that a small line stays a line."""
    size = max(1, round(len(values) / steps))
    return [sum(values[start : start + size]) for start in range(0, len(values), size)]


def smooth(places: Sequence[tuple[float, float]]) -> str:
    """An SVG path through these places, with horizontal tangents so that it never overshoots."""
    if not places:
        return ""
    path = f"M{places[0][0]:.1f} {places[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(places):
        middle = (x0 + x1) / 2
        path += f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path


def _point(one: Entry, x: float, top: int, step: float) -> Point:
    y = _height(one.now or 0, top)
    tip_x = min(max(x - TIP_WIDTH / 2, LEFT), RIGHT - TIP_WIDTH)
    return Point(one, x, y, tip_x, max(y - 58, 4), x - step / 2, step, BOTTOM - y)


def _dashes(points: Sequence[Point], top: int) -> str:
    places = [(point, _height(point.entry.before, top)) for point in points if point.entry.before]
    return "".join(f"M{point.left + 1:.1f} {y:.1f}h{max(point.width - 2, 1):.1f}" for point, y in places)


def _height(amount: int, top: int) -> float:
    return min(BOTTOM, BOTTOM - (BOTTOM - TOP) * amount / top) if top else BOTTOM


def _ticks(top: int) -> tuple[Tick, ...]:
    return tuple(Tick(_height(top * quarter // 4, top), top * quarter // 4) for quarter in range(5))


def _top_of(entries: Sequence[Entry]) -> int:
    """The next round number above the highest value, dividable by four."""
    highest = max((max(one.now or 0, one.before) for one in entries), default=0)
    if highest <= 0:
        return 4
    quarter = -(-highest // 4)
    size: int = 10 ** (len(str(quarter)) - 1)
    return 4 * size * next(factor for factor in (1, 2, 3, 4, 5, 8, 10) if size * factor >= quarter)
