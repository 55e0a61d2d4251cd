"""The trail as a file for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import msgspec

from app.core.audit import AuditEntry
from app.core.audit_platform import PlatformEntry

_COLUMNS = (
    "at", "actor_kind", "actor_id", "actor_name", "action", "object_type", "object_id", "reason", "request_id",
    "details", "changes",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(entries: Iterable[AuditEntry | PlatformEntry]) -> str:
    """A line each; a spreadsheet runs nothing in it: dangerous first characters get an apostrophe."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([_cell(getattr(entry, name)) for name in _COLUMNS])
    return written.getvalue()


def as_json(entries: Iterable[AuditEntry | PlatformEntry]) -> str:
    """A JSON object a line."""
    lines = ({name: getattr(entry, name) for name in _COLUMNS} for entry in entries)
    return "".join(f"{msgspec.json.encode(line).decode()}\n" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
