"""Engines, the session, and the shape of every table.

One transaction a request or job, and one tenant a transaction. Three guards stand behind each other: the tenant's
setting on the connection (row-level security), the tenant predicate in every ORM statement, and the refusal of a
flush that holds another tenant's row.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec
import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Engine,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    relationship,
    with_loader_criteria,
)

from app import settings
from app.core import clock, ids, isolation

_names = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_types: dict[Any, Any] = {
    str: Text,
    int: BigInteger,
    bytes: LargeBinary,
    uuid.UUID: Uuid,
    datetime: DateTime(timezone=True),
    date: Date,
    dict: JSONB,
    list: JSONB,
    dict[str, Any]: JSONB,
    dict[str, str]: JSONB,
    dict[str, int]: JSONB,
    list[str]: JSONB,
    list[int]: JSONB,
    list[Any]: JSONB,
    list[dict[str, Any]]: JSONB,
    list[dict[str, str]]: JSONB,
}


class Base(DeclarativeBase):
    """Tables of the tenants."""

    metadata = MetaData(naming_convention=_names)
    type_annotation_map = _types


class CatalogueModel(DeclarativeBase):
    """Tables of the registry: who the tenants are and where they live. No join and no foreign key leads here."""

    metadata = MetaData(naming_convention=_names, schema="catalogue", info={"bind_key": "catalogue"})
    type_annotation_map = _types
    is_audited = True
    """False: no entry of the platform's own trail tells of its rows (core/audit_platform.py)."""
    personal: ClassVar[frozenset[str]] = frozenset()


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"expire_on_commit": False},
    engine_options={
        "pool_pre_ping": False,
        "pool_size": 8,
        "max_overflow": 8,
        "json_deserializer": msgspec.json.decode,  # five times as fast as json.loads, on every JSON column of a page
    },
)
session = db.session
_app: list[Flask] = []
catalogue = db.session


class TenantRow(Base):
    """A row that belongs to one tenant; `tenant_id` comes first in its key."""

    __abstract__ = True
    visitors_see = False
    """True: its rows show on pages that are kept, so a change makes them anew (core/shown.py)."""
    decides_access = False
    """True: its rows decide what programs may do, so a change acts on their next request (core/bearers.py)."""
    is_audited = True
    """False: derived from others, a log or a passing state: no entry tells of it (core/audit_changes.py)."""
    personal: ClassVar[frozenset[str]] = frozenset()
    """Columns about a shopper. Entries say that they changed, never to what: a shopper can be erased, an entry not."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("shop.tenant_id", ondelete="CASCADE"),
        primary_key=True,
        sort_order=-100,
        default=isolation.tenant_id,
    )


class TenantModel(TenantRow):
    """A tenant's row with an id of its own: (tenant_id, id), the id a UUID v7 made here."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-99, default=ids.new_id)

    def __init__(self, **values: Any) -> None:
        # Both halves of the key are known before the flush, so that children can be given their foreign keys.
        values.setdefault("tenant_id", isolation.tenant_id())
        values.setdefault("id", ids.new_id())
        super().__init__(**values)


class Timestamps:
    """When a row was made and last changed (UTC)."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now, sort_order=91)


class Counter(TenantRow):
    """The last number given out under a name: orders, invoices."""

    __tablename__ = "counter"
    is_audited = False

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


def owned_by(
    column: str, table: str, *, ondelete: str | None = None, target: str = "id", name: str | None = None
) -> ForeignKeyConstraint:
    """A foreign key inside the tenant: (tenant_id, column) -> (table.tenant_id, table.target)."""
    # RESTRICT is checked row by row and would stop the deletion of a whole tenant; NO ACTION waits for the statement.
    rule = None if ondelete in {None, "RESTRICT"} else ondelete
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.{target}"], ondelete=rule, name=name
    )


def related(argument: str, **options: Any) -> Any:
    """A relationship over a composite key. Every such key shares tenant_id, which is always the same value."""
    return relationship(argument, overlaps="__*", **options)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Text that is one of a few words (an enum type's `=` is not leakproof under row security)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


def add(row: Any) -> Any:
    """Put a new row into the session; returns it."""
    session.add(row)
    return row


def delete(row: Any) -> None:
    """Remove a row at the next flush."""
    session.delete(row)


def flush() -> None:
    """Send what has changed, so that a constraint speaks now."""
    session.flush()


def checkpoint() -> None:
    """Commit what is done so far, so that a network call may follow outside any transaction."""
    session.commit()


def next_number(name: str, start: int = 1001) -> int:
    """The next number of a series of this tenant. Gapless: it is taken back when the transaction is."""
    statement = (
        insert(Counter)
        .values(tenant_id=isolation.tenant_id(), name=name, value=start)
        .on_conflict_do_update(index_elements=[Counter.tenant_id, Counter.name], set_={"value": Counter.value + 1})
        .returning(Counter.value)
    )
    return session.execute(statement).scalar_one()


@contextmanager
def unit_of_work(tenant: uuid.UUID) -> Iterator[None]:
    """One transaction in one tenant, for jobs, commands and tests: commits, or rolls back and raises."""
    with isolation.entered(tenant):
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise


def init_app(app: Flask) -> None:
    """Bind the engines of this process. Opens no connection."""
    configured = settings.current()
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", driver(configured.database_url))
    app.config.setdefault(
        "SQLALCHEMY_BINDS",
        {"catalogue": driver(configured.database_url), "operator": driver(configured.operator_url)},
    )
    db.init_app(app)
    _app[:] = [app]


def driver(url: str) -> str:
    """The address as SQLAlchemy wants it, naming psycopg 3; several hosts go where it can read them."""
    scheme, _, rest = url.partition("://")
    who, is_named, where = rest.rpartition("@")
    hosts, slash, path = where.partition("/")
    if "," not in hosts:
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    pairs = [one.rpartition(":") if one.rpartition(":")[2].isdigit() else (one, "", "") for one in hosts.split(",")]
    named = f"host={','.join(pair[0] for pair in pairs)}&port={','.join(pair[2] for pair in pairs)}"
    return f"{scheme}+psycopg://{who}{is_named}{slash}{path}{'&' if '?' in path else '?'}{named}"


def forget_connections(app: Flask | None = None) -> None:
    """After a fork: drop inherited pools without closing the parent's sockets."""
    for engine in engines_of(app or _app[0]):
        engine.dispose(close=False)


def engines_of(app: Flask) -> list[Engine]:
    """All engines of an application; asking opens no connection."""
    with app.app_context():
        return list(db.engines.values())


@event.listens_for(Session, "after_begin")
def _set_tenant(current: Session, transaction: SessionTransaction, connection: Any) -> None:
    """Put the tenant on the connection for the length of the transaction.

    A statement and not set_config(): only SET LOCAL reaches the workers of a sharded database.
    """
    tenant = isolation.tenant_or_none()
    if tenant is None or connection.engine is not db.engines[None]:
        return
    setting = f"SET LOCAL app.tenant = '{uuid.UUID(str(tenant))}'"
    try:
        has_begun = _begin_with(connection.connection.dbapi_connection, setting)
    except psycopg.OperationalError as lost:
        connection.invalidate(lost)
        raise
    if not has_begun:
        connection.exec_driver_sql(setting)
    current.info["tenant"] = tenant


def _begin_with(driver_connection: Any, setting: str) -> bool:
    """Send BEGIN and the first statement in one trip; False when the transaction has begun already.

    The driver sends a BEGIN of its own before the first statement that it finds outside of a transaction.
    """
    if driver_connection.info.transaction_status is not TransactionStatus.IDLE or driver_connection.autocommit:
        return False
    result = driver_connection.pgconn.exec_(f"BEGIN; {setting}".encode())
    if result.status != ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
    return True


@event.listens_for(Session, "after_transaction_end")
def _forget_tenant(current: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        current.info.pop("tenant", None)


@event.listens_for(Session, "do_orm_execute")
def _add_tenant_predicate(state: ORMExecuteState) -> None:
    """Give every ORM select, update and delete its explicit `tenant_id = :tenant`."""
    tenant = isolation.tenant_or_none()
    refuse_second_tenant(state.session, tenant)
    if tenant is None or not (state.is_select or state.is_update or state.is_delete):
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantRow, lambda row: row.tenant_id == tenant, include_aliases=True, track_closure_variables=True
        )
    )


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(current: Session, *_: Any) -> None:
    """Refuse, before any SQL, a flush that holds another tenant's row."""
    tenant = isolation.tenant_or_none()
    refuse_second_tenant(current, tenant)
    for row in (*current.new, *current.dirty, *current.deleted):
        if isinstance(row, TenantRow) and row.tenant_id not in {tenant, None}:
            raise isolation.CrossTenant(f"{type(row).__name__} of tenant {row.tenant_id} inside {tenant}")


def refuse_second_tenant(current: Session, tenant: uuid.UUID | None) -> None:
    """Raise CrossTenant when a transaction that began in one tenant goes on in another."""
    begun = current.info.get("tenant")
    if begun is not None and tenant is not None and begun != tenant:
        raise isolation.CrossTenant(f"the transaction of tenant {begun} is still open inside {tenant}")
