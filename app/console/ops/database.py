"""How the database does: what is large, what grows, what is slow, which indexes nobody uses; and its nightly care.

All of it is asked as the operator, who sees statistics of every role and no row of a tenant by them: statements are
kept by PostgreSQL without their values.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from app.console.ops.models import TableSize
from app.core import clock, db

log = logging.getLogger("app.database")
MOST = 20
KEPT = timedelta(days=400)
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)
WORTH_DROPPING = 1_000_000
"""Bytes: a smaller index costs nothing that anybody would notice."""
_LONGEST = 240
OURS = {"ours": "^(public|catalogue|jobs|plugin_.*)$"}
"""Schemas that are looked after."""


@dataclass(frozen=True)
class Table:
    """A table with its indexes: bytes, rows, bytes a while ago (None: not known), share of dead rows, last look."""

    name: str
    size: int
    rows: int
    week_ago: int | None
    month_ago: int | None
    dead: float
    analysed_at: datetime | None


@dataclass(frozen=True)
class Statement:
    """A statement without its values: how often, seconds in all, milliseconds each, share of all time, rows each."""

    text: str
    calls: int
    seconds: float
    milliseconds: float
    share: float
    rows: float


@dataclass(frozen=True)
class IndexLine:
    """An index that is broken, or that no statement has used since the statistics began."""

    name: str
    table: str
    size: int
    is_valid: bool


@dataclass(frozen=True)
class Database:
    """What the page shows. `statements` is None where the operator's role may not see them."""

    size: int
    since: datetime | None
    """When the statistics of indexes began."""
    tables: list[Table]
    statements: list[Statement] | None
    indexes: list[IndexLine]


def standing() -> Database:
    """Everything at once: seven statements."""
    with db.db.engines["operator"].connect() as connection:
        size, since = connection.execute(text(_WHOLE)).one()
        indexes = [IndexLine(*row) for row in connection.execute(text(_INDEXES), OURS | {"least": WORTH_DROPPING})]
        return Database(size, since, _tables(connection), _statements(connection), indexes)


def _tables(connection: Connection) -> list[Table]:
    today = clock.now().date()
    before = {ago: _sizes_at(connection, today - ago) for ago in (A_WEEK, A_MONTH)}
    return [
        Table(
            row.name, row.size, row.rows, before[A_WEEK].get(row.name), before[A_MONTH].get(row.name), row.dead,
            row.analysed_at,
        )
        for row in connection.execute(text(_TABLES), OURS).all()[:MOST]
    ]  # fmt: skip


def _sizes_at(connection: Connection, day: date) -> dict[str, int]:
    """Sizes of that day, or of the last one before it that was written down within a week."""
    found = connection.execute(text(_SIZES), {"day": day, "oldest": day - A_WEEK})
    return {row.name: row.size for row in found}


def _statements(connection: Connection) -> list[Statement] | None:
    if not connection.execute(text(_MAY_SEE)).scalar():
        return None
    found = connection.execute(text(_SLOW), {"most": MOST})
    return [
        Statement(" ".join(row.query.split())[:_LONGEST], row.calls, row.total / 1000, row.mean, row.share, row.rows)
        for row in found
    ]


def write_sizes_down() -> None:
    """Today's size of every table, once a day however often it is asked; forget what is older than a year."""
    today = clock.now().date()
    with db.db.engines["operator"].begin() as connection:
        found = [
            {"day": today, "name": row.name, "size": row.size, "rows": row.rows}
            for row in connection.execute(text(_TABLES), OURS)
        ]
        if found:
            connection.execute(insert(TableSize).values(found).on_conflict_do_nothing())
        connection.execute(delete(TableSize).where(TableSize.day < today - KEPT))


def tend() -> list[str]:
    """Count anew what changed much since it was counted last, so that plans stay good; answers with the tables.

    Autovacuum does the same at a tenth of a table: what grows by whole shops is behind it for long. A role that may
    not do it leaves it alone, and the page says so.
    """
    done = []
    with db.db.engines["operator"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("set lock_timeout = '2s'"))
        for (name,) in connection.execute(text(_STALE), OURS).all():
            try:
                connection.execute(text(f"analyze {name}"))
                done.append(name)
            except DBAPIError as problem:
                log.warning("%s was not counted anew: %s", name, type(problem.orig).__name__)
    return done


_WHOLE = """
select pg_database_size(current_database()),
  (select stats_reset from pg_stat_database where datname = current_database())
"""
_TABLES = """
select case schemaname when 'public' then relname else schemaname || '.' || relname end as name,
  pg_total_relation_size(relid) as size, n_live_tup as rows,
  coalesce(n_dead_tup::float / nullif(n_live_tup + n_dead_tup, 0), 0) as dead,
  greatest(last_analyze, last_autoanalyze) as analysed_at
from pg_stat_user_tables where schemaname ~ :ours order by size desc
"""
_SIZES = """
select distinct on (name) name, size from catalogue.table_size
where day <= :day and day > :oldest order by name, day desc
"""
_INDEXES = """
select used.indexrelname, used.relname, pg_relation_size(used.indexrelid) as size, pg_index.indisvalid
from pg_stat_user_indexes used join pg_index on pg_index.indexrelid = used.indexrelid
where used.schemaname ~ :ours and (not pg_index.indisvalid
  or used.idx_scan = 0 and not pg_index.indisunique and pg_relation_size(used.indexrelid) >= :least)
order by pg_index.indisvalid, size desc
"""
_MAY_SEE = """
select to_regclass('public.pg_stat_statements') is not null and pg_has_role(current_user, 'pg_read_all_stats', 'usage')
"""
_SLOW = r"""
select query, calls, total_exec_time as total, mean_exec_time as mean, rows::float / calls as rows,
  total_exec_time / nullif(sum(total_exec_time) over (), 0) as share
from public.pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database()) and calls > 0
  and query !~* '^ *(set|begin|commit|rollback|savepoint|release|show|analyze|copy|create|alter|drop|grant|revoke)\y'
order by total_exec_time desc limit :most
"""
_STALE = """
select format('%I.%I', schemaname, relname) from pg_stat_user_tables
where schemaname ~ :ours
  and n_mod_since_analyze > 1000 and n_mod_since_analyze > n_live_tup / 50
order by n_mod_since_analyze desc
"""
