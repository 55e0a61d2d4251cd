"""Row-level security: the statements that put it on, and the check that refuses to start without it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, text

from app.core.db import Base
from app.core.trouble import Trouble

POLICY = "tenant_isolation"
_nil = "00000000-0000-0000-0000-000000000000"


class UnsafeDatabase(Trouble):
    """The database would not keep tenants apart; the process must not serve."""


def secure(table: str) -> list[str]:
    """Statements that isolate one tenant table: one flat policy, forced on the owner too, and the app's rights.

    No sub-select and no null-tolerant variant: DATA rule 8.
    """
    rule = "tenant_id = current_setting('app.tenant')::uuid"
    return [
        f'alter table "{table}" enable row level security',
        f'alter table "{table}" force row level security',
        f'create policy {POLICY} on "{table}" using ({rule}) with check ({rule})',
        f'grant select, insert, update, delete on "{table}" to livery_app, livery_operator',
    ]


def tenant_tables() -> list[str]:
    """Names of all tables that belong to tenants."""
    return sorted(table.name for table in Base.metadata.tables.values())


def problems(connection: Connection) -> list[str]:
    """What stands between this connection and safe isolation; empty when nothing does."""
    return [*_role_problems(connection), *_table_problems(connection)]


def refuse_unsafe(connection: Connection) -> None:
    """Raise UnsafeDatabase when a tenant table lacks its policy or the role is too strong."""
    found = problems(connection)
    if found:
        raise UnsafeDatabase("The database does not keep tenants apart:\n  " + "\n  ".join(found))


def _role_problems(connection: Connection) -> list[str]:
    role = connection.execute(
        text(
            "select rolname, rolsuper, rolbypassrls, current_setting('app.tenant', true) as tenant"
            " from pg_roles where rolname = current_user"
        )
    ).one()
    owned = connection.execute(
        text("select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user)")
    ).scalar_one()
    found = []
    if role.rolsuper or role.rolbypassrls:
        found.append(f"role {role.rolname} can bypass row security")
    if owned:
        found.append(f"role {role.rolname} owns {owned} tables or indexes")
    if role.tenant != _nil:
        found.append(f"role {role.rolname} has no neutral default for app.tenant")
    return found


def _table_problems(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced,"
            " coalesce(string_agg(concat(p.policyname, p.cmd, p.permissive, p.qual, p.with_check), ','), '')"
            " as policies,"
            " has_table_privilege(current_user, c.oid, 'truncate') as can_truncate"
            " from pg_class c left join pg_policies p on p.tablename = c.relname and p.schemaname = 'public'"
            " where c.relnamespace = 'public'::regnamespace and c.relname in :tables"
            " group by c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity"
        ).bindparams(bindparam("tables", expanding=True)),
        {"tables": tenant_tables()},
    ).all()
    rule = "(tenant_id = (current_setting('app.tenant'::text))::uuid)"
    expected = f"{POLICY}ALLPERMISSIVE{rule}{rule}"
    found = [f"table {name} is missing" for name in set(tenant_tables()) - {row.relname for row in rows}]
    for row in rows:
        if not row.forced or row.policies != expected:
            found.append(f"table {row.relname} lacks its policy")
        if row.can_truncate:
            found.append(f"table {row.relname} can be truncated")
    return sorted(found)
