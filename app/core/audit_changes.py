"""Before and after of every row that staff, programs, jobs or the operator change, gathered from the session.

A tenant's rows go to its own trail; rows of the registry that change outside of every tenant go to the platform's
(core/audit_platform.py), in the same ways.

Rows that the ORM writes are seen in the flush, and updates and deletes by statement when they run. What is found joins
the entry that the service records (core/audit.py); what no service speaks of gets an entry of its own before the
commit. Shoppers are not followed here: what they order is in the order's own history. A model that is derived, a log
or a passing state says `is_audited = False`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Result, event, inspect, select, tuple_
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction

from app.core import access, audit, audit_chain, audit_lanes, audit_platform, isolation
from app.core.audit import AuditEntry
from app.core.audit_platform import PlatformEntry
from app.core.db import CatalogueModel, TenantRow

Entry = AuditEntry | PlatformEntry
_UNTOLD: dict[type[Entry], str] = {
    AuditEntry: "changes that no entry tells",
    PlatformEntry: "changes of the registry that no entry tells",
}
_FOLLOWED = frozenset({"staff", "client", "operator", "system", "plugin"})
_UNINTERESTING = frozenset(
    {
        # the key, and what every row has
        "tenant_id", "id", "created_at", "updated_at",
        # counted or worked out by the application itself from what else changed
        "sold", "is_counted_as_sold", "price_from", "price_to", "renditions", "image_renditions", "search", "name_key",
        "surname_key", "order_count", "spent", "last_order_at", "brand_hash",
        # traces of use, which logs tell
        "last_used_at", "last_seen_at", "last_step", "sign_count", "failing_since", "last_success_at",
    }
)  # fmt: skip
_SECRET_WORDS = ("secret", "password", "hash", "token", "mark")
_MASK = "•••"
_LONGEST = 400
_MOST_ROWS = 100


@dataclass(frozen=True)
class _Change:
    """One row: what it was and what it is now."""

    table: str
    key: tuple[str, ...]
    """Its id first, then every other id that stands in it: by these it finds its entry."""
    fields: dict[str, list[Any]]
    within: SessionTransaction | None

    def told(self) -> dict[str, Any]:
        return {"table": self.table, "id": self.key[0], "fields": self.fields}


@event.listens_for(Session, "before_flush")
def _gather(current: Session, *_: Any) -> None:
    """Note what this flush changes, give it to the entries of this flush, and mark these as ours."""
    entries = [row for row in current.new if isinstance(row, AuditEntry)]
    of_platform = [row for row in current.new if isinstance(row, PlatformEntry)]
    is_in_tenant = isolation.tenant_or_none() is not None
    root, sort = (TenantRow, AuditEntry) if is_in_tenant else (CatalogueModel, PlatformEntry)
    rows = (*current.new, *current.deleted, *current.dirty)
    if any(_is_audited(type(row), root) for row in rows) and _is_followed():  # the second may ask who it is
        noted = current.info.setdefault(_UNTOLD[sort], [])
        noted += _changed_rows(current, root)
    if entries:
        _tell(current, entries, AuditEntry)
        audit_lanes.give_turns(current, entries)
        for entry in entries:
            entry.mac = audit_chain.mac_of(entry)
    if of_platform:
        _tell(current, of_platform, PlatformEntry)
        audit_platform.give_places(current, of_platform)


@event.listens_for(Session, "before_commit")
def _tell_the_rest(current: Session) -> None:
    """An entry for each row that changed without one."""
    if current.in_nested_transaction():
        return
    if current.new or current.dirty or current.deleted:
        current.flush()
    for sort, name in _UNTOLD.items():
        untold = current.info.get(name)
        if untold:
            _tell_by_themselves(current, sort, untold)


def _tell_by_themselves(current: Session, sort: type[Entry], untold: list[_Change]) -> None:
    actor, job = access.current_actor(), audit.cause().job
    for change in untold[:_MOST_ROWS]:
        current.add(
            sort(
                actor_kind=actor.kind, actor_id=actor.id, actor_name=job or actor.name,
                action=f"{change.table}.changed", object_type=change.table, object_id=change.key[0],
                reason=audit.reason_given()[:_LONGEST],
                request_id=audit.request_id(), details=_rest(len(untold)),
            )
        )  # fmt: skip
    current.flush()


@event.listens_for(Session, "after_soft_rollback")
def _forget(current: Session, previous: SessionTransaction) -> None:
    """What was rolled back, even to a savepoint only, was not changed."""
    for name in _UNTOLD.values():
        untold = current.info.get(name)
        if untold:
            current.info[name] = [one for one in untold if previous.nested and one.within is not previous]


@event.listens_for(Session, "do_orm_execute")
def _look_at_statement(state: ORMExecuteState) -> Result[Any] | None:
    """Rows changed by a statement: read before and after it, for whoever is followed."""
    mapper = state.bind_mapper
    if not (state.is_update or state.is_delete) or mapper is None or not _is_audited(mapper.class_):
        return None
    is_of_tenant = issubclass(mapper.class_, TenantRow)
    if is_of_tenant != (isolation.tenant_or_none() is not None) or not _is_followed():
        return None
    if not state.execution_options.get("audited", True):
        return None
    before = _rows(state.session, mapper, getattr(state.statement, "whereclause", None))
    result = state.invoke_statement()
    after = _rows(state.session, mapper, _same(mapper, before)) if state.is_update and before else {}
    noted = state.session.info.setdefault(_UNTOLD[AuditEntry if is_of_tenant else PlatformEntry], [])
    for key, was in before.items():
        fields = _differences(mapper, was, after.get(key))
        if fields:
            noted.append(_Change(_table(mapper), _key(was), fields, state.session.get_nested_transaction()))
    return result


def _is_followed() -> bool:
    return access.current_actor().kind in _FOLLOWED


def _is_audited(model: Any, root: Any = (TenantRow, CatalogueModel)) -> bool:
    return isinstance(model, type) and issubclass(model, root) and model.is_audited  # type: ignore[attr-defined]


def _changed_rows(current: Session, root: type[TenantRow | CatalogueModel]) -> Iterable[_Change]:
    within = current.get_nested_transaction()
    sorts = (_given, current.new), (_taken, current.deleted), (_replaced, current.dirty)  # each is made when asked for
    for told, row in ((told, row) for told, rows in sorts for row in rows):
        if not _is_audited(type(row), root):
            continue
        mapper, state = inspect(type(row)), inspect(row)
        columns = _plain_columns(mapper, row)
        fields = {}
        for attribute in columns:
            if attribute.key in _UNINTERESTING:
                continue
            was, now = told(state, attribute.key)
            if was != now and not (was is None and now in ("", [], {})):
                fields[attribute.key] = [_shown(attribute, was), _shown(attribute, now)]
        if fields:
            values = {attribute.key: state.dict[attribute.key] for attribute in columns}
            yield _Change(_table(mapper), _key(values), fields, within)


def _given(state: Any, name: str) -> tuple[Any, Any]:
    """What a column of a new row was and is."""
    return None, state.dict[name]


def _taken(state: Any, name: str) -> tuple[Any, Any]:
    """The same of a row that goes."""
    history = state.attrs[name].history
    return (history.unchanged or history.deleted or [None])[0], None


def _replaced(state: Any, name: str) -> tuple[Any, Any]:
    """The same of a row that stays."""
    history = state.attrs[name].history
    return ((history.deleted or [None])[0], (history.added or [None])[0]) if history.has_changes() else (None, None)


def _plain_columns(mapper: Mapper[Any], row: Any) -> list[Any]:
    """Those that are loaded: looking at the others would ask the database."""
    loaded = inspect(row).dict
    return [attribute for attribute in mapper.column_attrs if attribute.key in loaded]


def _shown(attribute: Any, value: Any) -> Any:
    """The value as an entry keeps it: secrets never, long texts by their beginning and a hash."""
    if value is None:
        return None
    kind, name = attribute.columns[0].type, attribute.key
    if isinstance(getattr(kind, "impl_instance", kind), LargeBinary) or isinstance(value, bytes):
        return _MASK
    if any(word in name for word in _SECRET_WORDS) or name in attribute.parent.class_.personal:
        return _MASK
    told = audit.plain(value)
    text = told if isinstance(told, str) else str(told) if isinstance(told, dict | list) else ""
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]}… ({len(text)}, {hashlib.sha256(text.encode()).hexdigest()[:16]})"
    return told


def _rows(current: Session, mapper: Mapper[Any], where: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    columns = [getattr(mapper.class_, attribute.key) for attribute in mapper.column_attrs]
    wanted = select(*columns).limit(_MOST_ROWS)
    if issubclass(mapper.class_, TenantRow):
        wanted = wanted.where(mapper.class_.tenant_id == isolation.tenant_id())
    if where is not None:
        wanted = wanted.where(where)
    keys = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    found = (dict(row._mapping) for row in current.execute(wanted))
    return {tuple(row[key] for key in keys): row for row in found}


def _same(mapper: Mapper[Any], rows: Iterable[tuple[Any, ...]]) -> Any:
    return tuple_(*mapper.primary_key).in_(list(rows))


def _differences(mapper: Mapper[Any], was: dict[str, Any], now: dict[str, Any] | None) -> dict[str, list[Any]]:
    fields = {}
    for attribute in mapper.column_attrs:
        name = attribute.key
        after = now.get(name) if now else None
        if name not in _UNINTERESTING and was.get(name) != after:
            fields[name] = [_shown(attribute, was.get(name)), _shown(attribute, after)]
    return fields


def _table(mapper: Mapper[Any]) -> str:
    return str(mapper.local_table.name)  # type: ignore[attr-defined]  # a table: no model here maps a query


def _key(values: dict[str, Any]) -> tuple[str, ...]:
    """Its own id (a shop has its tenant's), then the others; a row without an id goes by the first that it names."""
    own = values.get("id")
    named = {name: value for name, value in values.items() if isinstance(value, uuid.UUID)}
    others = [value for name, value in named.items() if name not in {"id", "tenant_id"}]
    first = own or next(iter(others), None) or values.get("tenant_id") or ""
    return (str(first), *map(str, others))


def _tell(current: Session, entries: Sequence[Entry], sort: type[Entry]) -> None:
    """Give each change to the entry about the row or about what the row belongs to; else to the last one."""
    untold: list[_Change] = current.info.get(_UNTOLD[sort]) or []
    if not untold:
        return
    of = {entry.object_id: entry for entry in entries}
    gathered: dict[int, list[dict[str, Any]]] = {}
    for change in untold:
        entry = next((of[key] for key in change.key if key in of), entries[-1])
        gathered.setdefault(id(entry), []).append(change.told())
    for entry in entries:
        found = gathered.get(id(entry), [])
        entry.changes = found[:_MOST_ROWS]
        if len(found) > _MOST_ROWS:
            entry.details = {**(entry.details or {}), **_rest(len(found))}
    current.info[_UNTOLD[sort]] = []


def _rest(count: int) -> dict[str, Any]:
    """How many rows changed, where not all of them are shown."""
    return {"rows": count} if count > _MOST_ROWS else {}
