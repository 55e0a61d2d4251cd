"""Keys that programs make know by what they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A key stops with the key or the consent by which a program made it."""
    op.add_column("api_key", sa.Column("made_through", sa.Text(), nullable=False, server_default=""))
    op.alter_column("api_key", "made_through", server_default=None)


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
