"""The OAuth2 server: clients, grants, tokens and signing keys; and the log of requests by programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; nobody has an app yet."""
    _client()
    _grant()
    _code()
    _refresh()
    _table("oauth_revoked", _at("expires_at"))
    op.create_index("ix_oauth_revoked_expiry", "oauth_revoked", ["tenant_id", "expires_at"])
    _table(
        "oauth_key", sa.Column("private", sa.LargeBinary, nullable=False), sa.Column("public", JSONB, nullable=False),
        _at("created_at"), _maybe("retired_at"),
    )  # fmt: skip
    _requests()
    isolate(
        "oauth_client", "oauth_grant", "oauth_code", "oauth_refresh", "oauth_revoked", "oauth_key", "api_request"
    )  # fmt: skip


def _client() -> None:
    _table(
        "oauth_client",
        _text("name"),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary),
        sa.Column("redirect_uris", JSONB, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        sa.Column("acts_alone", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.Uuid, nullable=False),
        _maybe("last_used_at"),
        _maybe("revoked_at"),
        _at("created_at"),
        _at("updated_at"),
    )


def _grant() -> None:
    _table(
        "oauth_grant",
        sa.Column("client_id", sa.Uuid, nullable=False),
        sa.Column("staff_id", sa.Uuid, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        _at("created_at"),
        _maybe("revoked_at"),
        _text("revoked_because"),
        _owned("oauth_grant", "client_id", "oauth_client"),
        _owned("oauth_grant", "staff_id", "staff_member"),
    )
    op.create_index("ix_oauth_grant_client_id", "oauth_grant", ["tenant_id", "client_id"])
    op.create_index("ix_oauth_grant_staff_id", "oauth_grant", ["tenant_id", "staff_id"])


def _code() -> None:
    _table(
        "oauth_code",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("grant_id", sa.Uuid, nullable=False),
        _text("redirect_uri"),
        _text("challenge"),
        _text("nonce"),
        sa.Column("auth_time", sa.BigInteger, nullable=False),
        _at("expires_at"),
        _maybe("used_at"),
        _owned("oauth_code", "grant_id", "oauth_grant"),
        sa.UniqueConstraint("tenant_id", "code_hash", name=op.f("uq_oauth_code_tenant_id_code_hash")),
    )
    op.create_index("ix_oauth_code_grant_id", "oauth_code", ["tenant_id", "grant_id"])
    op.create_index("ix_oauth_code_expiry", "oauth_code", ["tenant_id", "expires_at"])


def _refresh() -> None:
    _table(
        "oauth_refresh",
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("grant_id", sa.Uuid, nullable=False),
        sa.Column("scopes", JSONB, nullable=False),
        _at("expires_at"),
        _maybe("used_at"),
        _owned("oauth_refresh", "grant_id", "oauth_grant"),
        sa.UniqueConstraint("tenant_id", "token_hash", name=op.f("uq_oauth_refresh_tenant_id_token_hash")),
    )
    op.create_index("ix_oauth_refresh_grant_id", "oauth_refresh", ["tenant_id", "grant_id"])
    op.create_index("ix_oauth_refresh_expiry", "oauth_refresh", ["tenant_id", "expires_at"])


def _requests() -> None:
    _table(
        "api_request",
        _at("at"),
        sa.Column("program_id", sa.Uuid, nullable=False),
        _text("program"),
        _text("method"),
        _text("path"),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        _text("code"),
    )
    op.create_index("ix_api_request_recent", "api_request", ["tenant_id", "at", "id"])
    op.create_index("ix_api_request_program", "api_request", ["tenant_id", "program_id", "at", "id"])


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _maybe(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _owned(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{owner}.tenant_id", f"{owner}.id"], ondelete="CASCADE",
        name=op.f(f"fk_{table}_tenant_id_{column}"),
    )  # fmt: skip


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
