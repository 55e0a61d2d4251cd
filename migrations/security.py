"""What every migration shares: isolation of tenant tables, rights on the catalogue, and the queue's schema."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

from app.core.rowsecurity import secure

APPEND_ONLY = ("audit_entry", "audit_seal", "gateway_event", "ledger_entry")


def isolate(*tables: str) -> None:
    """Row security and rights for new tenant tables."""
    for table in tables:
        for statement in secure(table):
            op.execute(statement)
        if table in APPEND_ONLY:
            op.execute(f'revoke update, delete on "{table}" from livery_app')


def share_catalogue(*tables: str) -> None:
    """Rights on new tables of the registry."""
    op.execute("grant usage on schema catalogue to livery_app, livery_operator")
    for table in tables:
        op.execute(f'grant select, insert, update, delete on catalogue."{table}" to livery_app, livery_operator')


def create_queue() -> None:
    """procrastinate's own schema, for the operator only: the app asks for work through its event log."""
    op.execute("create schema jobs")
    op.execute("set local search_path = jobs")
    # The driver reads % as the start of a parameter only when there are parameters; here are none.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("set local search_path = public")
    op.execute("grant usage on schema jobs to livery_operator")
    op.execute("grant all on all tables in schema jobs to livery_operator")
    op.execute("grant all on all sequences in schema jobs to livery_operator")
    op.execute("grant execute on all functions in schema jobs to livery_operator")
