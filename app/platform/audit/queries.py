"""Reading the trail. Row security lets an index answer equality only, so the search takes whole words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, tuple_

from app.core import db, keyset
from app.core.audit import AuditEntry
from app.core.audit_anchor import AuditAnchor, AuditKeeping
from app.core.audit_platform import PlatformEntry
from app.core.db import Base, TenantModel
from app.core.ids import uuid_in
from app.core.keyset import Order, Slice
from app.platform.audit.schemas import AuditFilter, AuditQuery
from app.platform.tenancy import queries as tenancy

A_PAGE = 50
MOST_EXPORTED = 20_000
_A_PIECE = 500
_TABLE = {"page": "text_page"}
"""Where an action's first word is not the table's name."""
CALLED = ("number", "title", "label", "name", "sku", "filename", "url", "origin", "code", "country", "email", "app")
"""What a thing is known by, the best first."""
Trail = type[AuditEntry] | type[PlatformEntry]


def page_of(asked: AuditFilter, trail: Trail = AuditEntry) -> Slice[Any]:
    """One page of what fits, newest first: of the entered shop's trail, or the platform's.

    Raises OtherOrder for a cursor of another list.
    """
    newest = Order(trail.at, trail.id)
    found: Slice[Any] = keyset.fetch(
        db.session, select(trail).where(*_conditions(asked, trail)), newest, asked.cursor, A_PAGE
    )
    return found


def everything(asked: AuditFilter, trail: Trail = AuditEntry) -> Iterator[Any]:
    """The newest `MOST_EXPORTED` of what fits."""
    place, told = None, 0
    while told < MOST_EXPORTED:
        wanted = select(trail).where(*_conditions(asked, trail))
        if place is not None:
            wanted = wanted.where(tuple_(trail.at, trail.id) < tuple_(*place))
        found = db.session.scalars(wanted.order_by(trail.at.desc(), trail.id.desc()).limit(_A_PIECE)).all()
        yield from found
        told += len(found)
        if len(found) < _A_PIECE:
            return
        place = (found[-1].at, found[-1].id)


def names_of(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """What the things are called now, by their ids. What is gone is not among them, nor are shoppers."""
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        identity = _uuid(entry.object_id)
        if identity is not None:
            wanted.setdefault(_TABLE.get(entry.object_type, entry.object_type), set()).add(identity)
    names: dict[str, str] = {}
    for table, some in wanted.items():
        model, column = _called(table)
        if model is not None:
            found = db.session.execute(select(model.id, getattr(model, column)).where(model.id.in_(some)))
            names |= {str(identity): str(name) for identity, name in found if name}
    return names


@cache
def _called(table: str) -> tuple[Any, str]:
    """The model of a table, and the column that people know its rows by."""
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == table and issubclass(mapper.class_, TenantModel):
            columns = set(mapper.columns.keys()) - mapper.class_.personal
            column = next((name for name in CALLED if name in columns), "")
            return (mapper.class_, column) if column else (None, "")
    return None, ""


def kept_months() -> int | None:
    """For how many months this shop keeps its trail; None for ever."""
    rule = db.session.scalars(select(AuditKeeping)).first()
    return rule.months if rule else None


def lock_keeping() -> AuditKeeping | None:
    """The rule itself, to be changed."""
    found: AuditKeeping | None = db.session.scalars(select(AuditKeeping).with_for_update()).first()
    return found


def gone_before() -> datetime | None:
    """What is older than this was deleted by the shop's rule; None when nothing ever was."""
    anchor = db.session.scalars(select(AuditAnchor)).first()
    return anchor.until if anchor else None


def rows(asked: AuditQuery) -> Slice[AuditEntry]:
    """For programs: entries by when they were written."""
    wanted = select(AuditEntry)
    for column, value in (
        (AuditEntry.actor_kind, asked.actor_kind),
        (AuditEntry.action, asked.action),
        (AuditEntry.object_type, asked.object_type),
        (AuditEntry.object_id, _inside(asked.object_id)),
        (AuditEntry.request_id, asked.request_id),
    ):
        if value:
            wanted = wanted.where(column == value)
    return keyset.dated(db.session, wanted, asked, AuditEntry.at, AuditEntry.id)


def _conditions(asked: AuditFilter, trail: Trail) -> Iterable[ColumnElement[bool]]:
    if asked.q:
        word = asked.q.strip()
        yield or_(
            trail.action == word,
            trail.object_id == _inside(word),
            trail.request_id == word,
            trail.actor_name == word,
            trail.object_type == word,
        )
    if asked.kind:
        yield trail.actor_kind == asked.kind
    if asked.thing:
        yield trail.object_type == asked.thing
    if asked.of:
        yield trail.object_id == _inside(asked.of)
    if asked.action:
        yield trail.action == asked.action
    if asked.by:
        yield trail.actor_id == (_uuid(asked.by) or UUID(int=0))
    yield from _days(asked, trail)


def _days(asked: AuditFilter, trail: Trail) -> Iterable[Any]:
    zone = ZoneInfo(tenancy.current_shop().timezone if trail is AuditEntry else "UTC")
    if asked.since:
        yield trail.at >= datetime.combine(asked.since, time(), zone)
    if asked.until:
        yield trail.at < datetime.combine(asked.until + timedelta(days=1), time(), zone)


def _inside(written: str) -> str:
    """An id as entries keep it; `prod_01h..` as people and programs know it will do."""
    found = uuid_in(written)
    return str(found) if found else written.strip()


def _uuid(written: str) -> UUID | None:
    """An id as entries keep it, or as people and programs know it; None for a text that is none."""
    try:
        return UUID(written.strip())
    except ValueError:
        return uuid_in(written)
