"""Suspended shops, and the operator's second step."""

import sqlalchemy as sa
from alembic import op

from migrations.security import share_catalogue

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; who is suspended stays so since an unknown day, and operators have no second step yet."""
    op.add_column("tenant", sa.Column("suspended_at", sa.DateTime(timezone=True)), schema="catalogue")
    op.create_index(
        "ix_tenant_suspended", "tenant", ["id"], schema="catalogue", postgresql_where=sa.text("status = 'suspended'")
    )
    _second_step()
    share_catalogue("operator_app", "operator_passkey", "operator_code", "console_rule")
    for column in ("device", "address"):
        op.add_column("platform_session", sa.Column(column, sa.Text), schema="catalogue")
    op.add_column("platform_session", sa.Column("seen_at", sa.DateTime(timezone=True)), schema="catalogue")


def _second_step() -> None:
    op.add_column(
        "operator", sa.Column("has_factor", sa.Boolean, nullable=False, server_default=sa.false()), schema="catalogue"
    )
    op.alter_column("operator", "has_factor", server_default=None, schema="catalogue")
    op.create_table(
        "operator_app",
        _operator(primary_key=True),
        sa.Column("secret", sa.LargeBinary),
        sa.Column("next_secret", sa.LargeBinary),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        schema="catalogue",
    )
    op.create_table(
        "operator_passkey",
        sa.Column("id", sa.Uuid, primary_key=True),
        _operator(),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("credential_id", name=op.f("uq_operator_passkey_credential_id")),
        schema="catalogue",
    )
    op.create_index("ix_operator_passkey_operator_id", "operator_passkey", ["operator_id"], schema="catalogue")
    op.create_table(
        "operator_code",
        _operator(primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        schema="catalogue",
    )
    op.create_table(
        "console_rule",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Boolean, nullable=False),
        schema="catalogue",
    )


def _operator(*, primary_key: bool = False) -> sa.Column[object]:
    target = sa.ForeignKey("catalogue.operator.id", ondelete="CASCADE")
    return sa.Column("operator_id", sa.Uuid, target, nullable=False, primary_key=primary_key)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
