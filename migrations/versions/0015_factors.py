"""Second factors, passkeys and sessions of staff."""

import sqlalchemy as sa
from alembic import op

from migrations.security import isolate

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add; nobody has a second factor yet, and sessions that run go on."""
    _of_a_member(
        "staff_authenticator",
        sa.Column("secret", sa.LargeBinary),
        sa.Column("next_secret", sa.LargeBinary),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id", "staff_id", name=op.f("uq_staff_authenticator_tenant_id_staff_id")),
    )
    _of_a_member(
        "staff_passkey",
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id", "credential_id", name=op.f("uq_staff_passkey_tenant_id_credential_id")),
    )
    op.create_index("ix_staff_passkey_staff_id", "staff_passkey", ["tenant_id", "staff_id"])
    _of_a_member(
        "staff_recovery_code",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint(
            "tenant_id", "staff_id", "code_hash", name=op.f("uq_staff_recovery_code_tenant_id_staff_id_code_hash")
        ),
    )
    isolate("staff_authenticator", "staff_passkey", "staff_recovery_code")
    op.add_column("staff_member", sa.Column("has_factor", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("staff_member", "has_factor", server_default=None)
    for column in ("device", "address"):
        op.add_column("web_session", sa.Column(column, sa.Text))
    op.add_column("web_session", sa.Column("seen_at", sa.DateTime(timezone=True)))


def _of_a_member(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("staff_id", sa.Uuid, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "staff_id"], ["staff_member.tenant_id", "staff_member.id"], ondelete="CASCADE",
            name=op.f(f"fk_{name}_tenant_id_staff_id"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
