"""When what visitors see has changed: every such transaction raises its tenant's version of pages.

A model says `visitors_see = True`. A flush or a statement that changes one of its rows marks the transaction; the last
statement before the commit raises the row in `page_version` and notifies all processes, so that a version is known
nowhere before the change is. What was kept under an older version (core/pagecache.py, core/frames.py) is never asked
for again. Rows changed by SQL that is no ORM statement need `changed()`; a statement with the execution option
`visitors_see=False` marks nothing, and says `changed()` itself where its result shows.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction

from app.core import db, isolation
from app.core.db import Base, CatalogueModel, TenantRow
from app.core.frames import known

CHANNEL = "pages"
_RAISE = text(
    "with raised as (insert into page_version (tenant_id, version)"
    " select tenant_id, 1 from shop where tenant_id = :tenant"
    " on conflict (tenant_id) do update set version = page_version.version + 1 returning version)"
    " select version,"
    " pg_notify(:channel, concat_ws(' ', cast(:word as text), version, cast(:of_hosts as text))) from raised"
)


class PageVersion(TenantRow):
    """How often what a tenant's visitors see has changed. No row: never since it opened."""

    __tablename__ = "page_version"
    is_audited = False

    version: Mapped[int]


def changed() -> None:
    """Say that this transaction changes what visitors see."""
    db.session.info["shown"] = isolation.tenant_id()


def version_of(tenant: uuid.UUID) -> int:
    """The tenant's version as the database has it; the tenant must be entered."""
    return int(
        db.session.scalar(text("select version from page_version where tenant_id = :tenant"), {"tenant": tenant}) or 0
    )


@event.listens_for(Session, "before_flush")
def _look_at_rows(current: Session, *_: Any) -> None:
    touched = (*current.new, *current.deleted, *(row for row in current.dirty if current.is_modified(row)))
    for row in touched:
        if not getattr(row, "visitors_see", False):
            continue
        if isinstance(row, TenantRow):
            current.info["shown"] = row.tenant_id or isolation.tenant_id()
        elif isinstance(row, CatalogueModel):
            current.info.setdefault("shown_hosts", set()).add(getattr(row, "tenant_id", None) or row.id)  # type: ignore[attr-defined]  # Domain, Tenant


@event.listens_for(Session, "do_orm_execute")
def _look_at_statement(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    if not state.execution_options.get("visitors_see", True):
        return
    table = getattr(getattr(state.statement, "table", None), "name", "")
    if table in _shown_tables():
        state.session.info["shown"] = isolation.tenant_id()


_tables: set[str] = set()


def _shown_tables() -> set[str]:
    """The tables of marked models; asked after all rooms were imported."""
    if not _tables:
        _tables.update(mapper.class_.__tablename__ for mapper in Base.registry.mappers if mapper.class_.visitors_see)
    return _tables


@event.listens_for(Session, "before_commit")
def _raise_version(current: Session) -> None:
    """The last statement: the row's lock is held for the length of a commit."""
    if current.in_nested_transaction():
        return
    current.flush()
    tenant = current.info.pop("shown", None)
    if tenant is None:
        return
    raised = current.execute(_RAISE, _values(tenant), bind_arguments={"mapper": PageVersion}).first()
    if raised is not None:
        current.info["raised"] = (tenant, raised.version)


@event.listens_for(Session, "after_commit")
def _hear_at_once(current: Session) -> None:
    """This process knows before its answer leaves; the others are told by the database."""
    if current.in_nested_transaction():
        return
    raised = current.info.pop("raised", None)
    if raised is not None:
        known.hear(*raised)
    for tenant in current.info.pop("shown_hosts", ()):
        _hosts_changed(tenant)


@event.listens_for(Session, "after_transaction_end")
def _forget_marks(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        for name in ("shown", "raised", "shown_hosts"):
            current.info.pop(name, None)


def _hosts_changed(tenant: uuid.UUID) -> None:
    """Hosts and states stand in the registry, versions beside the tenant's rows: a transaction of its own.

    Should it be lost, the sixty seconds of core/frames.py end what is believed.
    """
    version = 0
    with db.db.engines[None].begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL app.tenant = '{uuid.UUID(str(tenant))}'")
        raised = connection.execute(_RAISE, _values(tenant, "hosts")).first()
        if raised is not None:
            version = raised.version
    known.hear(tenant, version, of_hosts=True)


def _values(tenant: uuid.UUID, of_hosts: str | None = None) -> dict[str, Any]:
    return {"tenant": tenant, "word": str(tenant), "of_hosts": of_hosts, "channel": CHANNEL}
