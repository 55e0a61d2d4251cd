"""Plugins that a shop switched on."""

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
