"""The table as people type it, and what a parcel costs by it. No network, no database."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from app.pluginapi import gettext

COLUMNS = ("weight_from", "weight_to", "value_from", "value_to", "price", "per_kg", "percent")
MOST_ROWS = 1_000
HIGHEST = Decimal(10) ** 9
GRAMS_A_KILOGRAM = 1_000


@dataclass(frozen=True)
class Row:
    """One line: limits in grams and in the shop's currency, `from` counted in and `to` not; None is no limit."""

    weight_from: Decimal | None = None
    weight_to: Decimal | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    price: Decimal = Decimal(0)
    per_kg: Decimal | None = None
    percent: Decimal | None = None

    def fits(self, grams: int, value: Decimal) -> bool:
        """Whether a parcel of this weight and value is priced by this line."""
        return _between(Decimal(grams), self.weight_from, self.weight_to) and _between(
            value, self.value_from, self.value_to
        )

    def costs(self, grams: int, value: Decimal) -> Decimal:
        """In the shop's currency, not rounded yet. Each kilogram that was begun counts."""
        kilograms = -(-grams // GRAMS_A_KILOGRAM)
        return self.price + (self.per_kg or 0) * kilograms + value * (self.percent or 0) / 100


class BadTable(ValueError):
    """`lines`: by number from 1, what is wrong with it, a sentence each."""

    def __init__(self, lines: Mapping[int, str]) -> None:
        super().__init__("; ".join(lines.values()))
        self.lines = dict(lines)


@functools.lru_cache(maxsize=500)
def read(text: str) -> tuple[Row, ...]:
    """The rows of a table. Raises BadTable with every line that cannot be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    mark = next((each for each in ("\t", ";") if each in lines[0]), ",")
    names = [name.strip().lower() for name in next(csv.reader([lines[0]], delimiter=mark), [])]
    _refuse_columns(names)
    if len(lines) - 1 > MOST_ROWS:
        raise BadTable({MOST_ROWS + 2: gettext("A table has 1,000 lines at most.")})
    rows, wrong = [], {}
    for number, cells in _cells(lines, mark):
        try:
            rows.append(_row(names, cells, mark))
        except ValueError as problem:
            wrong[number] = str(problem)
    if not rows and not wrong:
        wrong[2] = gettext("There is no line with a price.")
    if wrong:
        raise BadTable(wrong)
    return tuple(rows)


def priced(rows: tuple[Row, ...], grams: int, subtotal: int, digits: int) -> int | None:
    """Minor units by the first line that fits, rounded a half upwards; None when none does."""
    unit = Decimal(10) ** digits
    value = Decimal(subtotal) / unit
    row = next((row for row in rows if row.fits(grams, value)), None)
    return None if row is None else int((row.costs(grams, value) * unit).to_integral_value(ROUND_HALF_UP))


def _refuse_columns(names: list[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or "price" not in names or len(set(names)) != len(names):
        known = ", ".join(COLUMNS)
        said = gettext("The first line names the columns: price, and any of %(known)s.", known=known)
        raise BadTable({1: said})


def _cells(lines: list[str], mark: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines with anything in them. One line is one row: a stray quote takes no others along."""
    for number, line in enumerate(lines[1:], start=2):
        if line.strip(f"{mark} \t"):
            yield number, next(csv.reader(io.StringIO(line), delimiter=mark), [])


def _row(names: list[str], cells: list[str], mark: str) -> Row:
    if len(cells) > len(names):
        raise ValueError(gettext("It has more columns than the first line names."))
    typed = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    numbers = {name: _number(name, cell, mark) for name, cell in typed.items()}
    if "price" not in numbers:
        raise ValueError(gettext("It has no price; 0 is free."))
    row = Row(**numbers)
    for low, high in ((row.weight_from, row.weight_to), (row.value_from, row.value_to)):
        if high is not None and high <= (low or 0):
            raise ValueError(gettext("Its upper limit is not above the lower one."))
    return row


def _number(name: str, typed: str, mark: str) -> Decimal:
    plain = typed.replace(",", ".") if mark != "," and typed.count(",") == 1 and "." not in typed else typed
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not plain.isascii() or "_" in plain or not found.is_finite() or not 0 <= found <= HIGHEST:
        raise ValueError(gettext("“%(typed)s” is no number for %(name)s.", typed=typed[:20], name=name))
    return found


def _between(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or value >= low) and (high is None or value < high)
