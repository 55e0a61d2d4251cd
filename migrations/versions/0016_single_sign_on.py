"""Sign-in by providers of others, and by mailed links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; nobody trusts a provider yet, and no link is out."""
    _table(
        "sso_provider",
        *(_text(name) for name in ("label", "issuer", "client_id")),
        sa.Column("client_secret", sa.LargeBinary, nullable=False),
        sa.Column("domains", JSONB, nullable=False),
        _text("first_role"),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("is_only_way", sa.Boolean, nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True)),
        _at("created_at"),
        _at("updated_at"),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_sso_provider_tenant_id")),
    )
    _table(
        "sso_identity",
        sa.Column("staff_id", sa.Uuid, nullable=False),
        _text("issuer"),
        _text("subject"),
        _at("created_at"),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("tenant_id", "issuer", "subject", name=op.f("uq_sso_identity_tenant_id_issuer_subject")),
        sa.UniqueConstraint("tenant_id", "staff_id", "issuer", name=op.f("uq_sso_identity_tenant_id_staff_id_issuer")),
        _owned("sso_identity", "staff_id", "staff_member"),
    )
    op.create_index("ix_sso_identity_staff_id", "sso_identity", ["tenant_id", "staff_id"])
    _table(
        "customer_entry_link",
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        _at("created_at"),
        _at("expires_at"),
        sa.UniqueConstraint("tenant_id", "token_hash", name=op.f("uq_customer_entry_link_tenant_id_token_hash")),
        _owned("customer_entry_link", "customer_id", "customer"),
    )
    op.create_index("ix_customer_entry_link_customer_id", "customer_entry_link", ["tenant_id", "customer_id"])
    op.create_index("ix_customer_entry_link_expiry", "customer_entry_link", ["tenant_id", "expires_at"])
    isolate("sso_provider", "sso_identity", "customer_entry_link")
    op.add_column("oauth_client", sa.Column("is_own", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("oauth_client", "is_own", server_default=None)


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )


def _owned(name: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete="CASCADE",
        name=op.f(f"fk_{name}_tenant_id_{column}"),
    )  # fmt: skip


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
