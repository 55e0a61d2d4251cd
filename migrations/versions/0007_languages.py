"""The language that each person who works in a shop is spoken to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen yet: browsers decide."""
    op.add_column("staff_member", sa.Column("language", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")
