"""From the bytes of a file to lines of named cells. Knows encodings, delimiters and headings; knows no shop."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.core.errors import DomainError
from app.core.i18n import gettext
from app.shop.catalog.importing import columns

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t|"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run. An export puts an apostrophe in front; reading our own file takes it off again."""

_SPACES_COUNT = {"description", "image_alt"}


class FileRefused(DomainError):
    """The file as a whole cannot be read as a list of products."""

    code, message, status = "file_refused", "{reason}", 422


@dataclass(frozen=True)
class Line:
    """One record of the file: the number of its first line and its filled cells by our column names."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file as it was understood."""

    format: str
    encoding: str
    delimiter: str
    columns: list[str]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """Read a file of products in Shopify's format or ours. Raises FileRefused with a sentence."""
    if len(content) > MOST_BYTES:
        raise FileRefused(
            reason=gettext(
                "The file is larger than %(most_bytes)s MB; please split it.", most_bytes=MOST_BYTES // 1024 // 1024
            )
        )
    text, encoding = _decoded(content)
    delimiter, headings = _headings(text)
    form = "own" if _count(headings, columns.OWN) >= _count(headings, columns.SHOPIFY) else "shopify"
    names = [_named(heading, form) for heading in headings]
    missing = [name for name in columns.REQUIRED[form] if name not in names]
    if missing:
        raise FileRefused(
            reason=gettext(
                "The first line must name the columns; there is none for: %(missing)s.", missing=", ".join(missing)
            )
        )
    lines = list(_lines(text, delimiter, names, form))
    if not lines:
        raise FileRefused(reason=gettext("The file names its columns, but has no products below them."))
    notes = [*_doubled(names), *_notes(headings, names)]
    if encoding != "utf-8":
        notes.append(
            gettext(
                "The file is not UTF-8; it was read as %(encoding)s. Please check letters with accents below.",
                encoding=encoding,
            )
        )
    return Sheet(form, encoding, delimiter, _present(names, form), lines, notes)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_as(content, "utf-16"), "utf-16"
    if not content.strip():
        raise FileRefused(reason=gettext("The file is empty."))
    if b"\x00" in content:
        raise FileRefused(reason=gettext("This is not a text file. Please save the sheet as CSV and try again."))
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(
            reason=gettext("The file's characters could not be read. Please save it as CSV UTF-8.")
        ) from None
    if "\x00" in text:
        raise FileRefused(reason=gettext("This is not a text file. Please save the sheet as CSV and try again."))
    return text


def _headings(text: str) -> tuple[str, list[str]]:
    """The delimiter under which the most headings are known, and the headings in small letters."""
    first = text.lstrip("\r\n").split("\n", 1)[0][:20_000]
    found = {mark: _split(first, mark) for mark in DELIMITERS}
    best = max(found, key=lambda mark: _count(found[mark], columns.OWN) + _count(found[mark], columns.SHOPIFY))
    if len(found[best]) > MOST_COLUMNS:
        raise FileRefused(reason=gettext("The file has more than %(most_columns)s columns.", most_columns=MOST_COLUMNS))
    return best, found[best]


def _split(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in cells]


def _count(headings: list[str], known: tuple[str, ...] | dict[str, str]) -> int:
    return sum(heading in known for heading in headings)


def _named(heading: str, form: str) -> str:
    return columns.SHOPIFY.get(heading, "") if form == "shopify" else (heading if heading in columns.OWN else "")


def _lines(text: str, delimiter: str, names: list[str], form: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=delimiter)
    at = 0
    try:
        for place, cells in enumerate(reader):
            number, at = at + 1, reader.line_num
            if place == 0 or not any(cell.strip() for cell in cells):
                continue
            if place > MOST_LINES:
                raise FileRefused(
                    reason=gettext(
                        "The file has more than %(most_lines)s lines; please split it.", most_lines=f"{MOST_LINES:,}"
                    )
                )
            yield Line(number, _cells(cells, names, form))
    except csv.Error:
        raise FileRefused(
            reason=gettext(
                "Line %(line_num)s could not be read: a cell is too long or a quote is missing.",
                line_num=reader.line_num,
            )
        ) from None


def _cells(cells: list[str], names: list[str], form: str) -> dict[str, str]:
    named: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        value = _unquoted(cell) if form == "own" else cell
        value = value if name in _SPACES_COUNT else value.strip()
        if name and value and name not in named:
            named[name] = value
    return _in_our_words(named) if form == "shopify" else named


def _unquoted(cell: str) -> str:
    """Take off the apostrophe that an export put in front of what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def _in_our_words(cells: dict[str, str]) -> dict[str, str]:
    """Say Shopify's published, tracker and policy as our status, tracks_stock and continue_selling."""
    published, tracker, policy = (cells.pop(name, "") for name in ("published", "tracker", "policy"))
    if "title" in cells and "status" not in cells and published:
        cells["status"] = "active" if published.lower() == "true" else "draft"
    if "price" in cells:
        cells["tracks_stock"] = "true" if tracker else "false"
        cells["continue_selling"] = "true" if policy.lower() == "continue" else "false"
    if "status" in cells:
        cells["status"] = cells["status"].lower()
    return cells


def _present(names: list[str], form: str) -> list[str]:
    present = {name for name in names if name}
    if form == "shopify":
        told = {"published": "status", "tracker": "tracks_stock", "policy": "continue_selling"}
        present = {told.get(name, name) for name in present} - {"gift_card"}
    return sorted(present)


def _doubled(names: list[str]) -> list[str]:
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    return (
        [gettext("A column stands twice, and the first filled one counts: %(doubled)s.", doubled=", ".join(doubled))]
        if doubled
        else []
    )


def _notes(headings: list[str], names: list[str]) -> list[str]:
    left = [heading for heading, name in zip(headings, names, strict=True) if heading and not name]
    shopifys = [heading for heading in left if columns.means_nothing_here(heading)]
    unknown = [heading[:60] for heading in left if heading not in shopifys]
    notes = []
    if unknown:
        notes.append(
            gettext("Columns that are not known and were left out: %(unknown)s.", unknown=", ".join(unknown[:20]))
        )
    if shopifys:
        notes.append(
            gettext(
                "%(shopifys)s of Shopify's columns have no place here and were left out, such as “%(shopifys_)s”.",
                shopifys=len(shopifys),
                shopifys_=shopifys[0],
            )
        )
    if any(heading.startswith(("option4", "option5")) for heading in left):
        notes.append(
            gettext(
                "A product has at most %(most_options)s options; further ones were left out.",
                most_options=columns.MOST_OPTIONS,
            )
        )
    return notes
