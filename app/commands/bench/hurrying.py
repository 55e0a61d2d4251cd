"""Rows by the million into a database that exists to be measured: no checks, and indexes when all of it is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

_INDEXES = (
    "select c.conname, i.relname, pg_get_constraintdef(c.oid), pg_get_indexdef(i.oid)"
    " from pg_index x join pg_class i on i.oid = x.indexrelid left join pg_constraint c on c.conindid = i.oid"
    " and c.contype in ('p', 'u') where x.indrelid = to_regclass(%s)"
    " and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.oid) order by i.relname"
)


def hurry(connection: psycopg.Connection[Any]) -> None:
    """Leave foreign keys unchecked and the disk to its own pace: every row here is right, and none is worth keeping."""
    connection.execute("set session_replication_role = replica")
    connection.execute("set synchronous_commit = off")
    connection.execute("set maintenance_work_mem = '256MB'")
    connection.execute("set work_mem = '64MB'")


@contextmanager
def indexes_later(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    """Take the indexes away that no foreign key stands on, and make them again from all rows in the end."""
    later = []
    for table in tables:
        owner = sql.Identifier(table)
        for constraint, index, rule, definition in connection.execute(_INDEXES, (f'"{table}"',)).fetchall():
            if constraint:
                name = sql.Identifier(constraint)
                connection.execute(sql.SQL("alter table {} drop constraint {}").format(owner, name))
                later.append(sql.SQL("alter table {} add constraint {} {}").format(owner, name, sql.SQL(rule)))
            else:
                connection.execute(sql.SQL("drop index {}").format(sql.Identifier(index)))
                later.append(sql.SQL(definition))
    connection.commit()
    yield
    for statement in later:
        connection.execute(statement)
    connection.commit()


def analyse(connection: psycopg.Connection[Any], tables: Sequence[str]) -> None:
    """Let the planner know what is there; a real installation's autovacuum does it within the minute."""
    connection.commit()
    connection.autocommit = True
    for table in tables:
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(table)))
    connection.autocommit = False
