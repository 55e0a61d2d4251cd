"""Orders and customers found, sorted and tagged at any size; figures of past days; held payments decided by staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.security import isolate

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
KEY = sa.Text(collation="C")
PAYMENT_STATUSES = "'created', 'pending', 'captured', 'failed', 'expired', 'held', 'returned'"


def upgrade() -> None:
    """Add, fill and index. New columns keep their defaults, for code that is still running and knows none of them."""
    _orders()
    _bulk()
    _customers()
    _payments()
    _figures()
    isolate("order_tag", "order_bulk", "order_bulk_row", "customer_tag", "sales_day", "product_day")


def downgrade() -> None:
    """Not offered: restore the backup that was made before the migration."""
    raise RuntimeError("This revision cannot be taken back. Restore the backup that was made before it.")


def _orders() -> None:
    op.alter_column("order", "email", type_=KEY)
    for column in (
        _text("name_key", KEY),
        _text("surname_key", KEY),
        sa.Column("is_archived", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("order", column)
    op.execute(
        """update "order" set name_key = btrim(split_part(substr(search, length(number) + 2), email, 1))"""
        " where search <> '' and email <> ''"
    )
    op.execute(_last_word_first('"order"'))
    op.drop_index("ix_order_total", "order")
    recent = ["placed_at", "id"]
    op.create_index("ix_order_kept", "order", ["tenant_id", "is_archived", *recent])
    op.create_index("ix_order_kept_total", "order", ["tenant_id", "is_archived", "total", "id"])
    op.create_index("ix_order_status", "order", ["tenant_id", "status", *recent])
    op.create_index("ix_order_payment", "order", ["tenant_id", "payment_status", *recent])
    op.create_index("ix_order_fulfilment", "order", ["tenant_id", "fulfilment_status", *recent])
    to_fulfil = "status = 'placed' and fulfilment_status <> 'fulfilled'"
    op.create_index("ix_order_to_fulfil", "order", ["tenant_id", *recent], postgresql_where=sa.text(to_fulfil))
    owed = "status <> 'cancelled' and payment_status in ('unpaid', 'pending', 'failed')"
    op.create_index("ix_order_owed", "order", ["tenant_id", *recent], postgresql_where=sa.text(owed))
    attention = sa.text("attention <> ''")
    op.create_index("ix_order_attention", "order", ["tenant_id", *recent], postgresql_where=attention)
    op.create_index("ix_order_name", "order", ["tenant_id", "name_key"])
    op.create_index("ix_order_surname", "order", ["tenant_id", "surname_key"])
    _tags("order")
    op.add_column("order_entry", _text("code"))
    op.add_column("order_entry", sa.Column("details", JSONB, nullable=False, server_default="{}"))
    op.create_index("ix_cart_created", "cart", ["tenant_id", "created_at"])


def _bulk() -> None:
    op.create_table(
        "order_bulk",
        *_own_key(),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("argument", sa.Text, nullable=False),
        sa.Column("restock", sa.Boolean, nullable=False),
        sa.Column("wanted", JSONB, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.Uuid),
        sa.Column("asked_by_name", sa.Text, nullable=False),
        sa.Column("undoes", sa.Uuid),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "action in ('fulfil', 'cancel', 'archive', 'unarchive', 'tag', 'untag')", name=op.f("ck_order_bulk_action")
        ),
        sa.CheckConstraint("state in ('running', 'done')", name=op.f("ck_order_bulk_state")),
    )
    op.create_table(
        "order_bulk_row",
        *_own_key(),
        sa.Column("bulk_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bulk_id"], ["order_bulk.tenant_id", "order_bulk.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("tenant_id", "bulk_id", "number", name=op.f("uq_order_bulk_row_tenant_id_bulk_id_number")),
    )


def _customers() -> None:
    op.alter_column("customer", "email", type_=KEY)
    whole = {"nullable": False, "server_default": "0"}
    for column in (
        _text("name_key", KEY),
        _text("surname_key", KEY),
        sa.Column("consent_at", sa.DateTime(timezone=True)),
        _text("consent_by"),
        sa.Column("order_count", sa.BigInteger, **whole),
        sa.Column("spent", sa.BigInteger, **whole),
        sa.Column("last_order_at", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("customer", column)
    op.execute("update customer set name_key = btrim(split_part(search, email, 1)) where name <> '' and email <> ''")
    op.execute(_last_word_first("customer"))
    op.execute(
        "update customer c set order_count = o.orders, spent = o.spent, last_order_at = o.last_at"
        " from (select tenant_id, customer_id, count(*) as orders, sum(total - refunded) as spent,"
        "       max(placed_at) as last_at"
        "       from \"order\" where status in ('placed', 'completed') group by tenant_id, customer_id) o"
        " where o.tenant_id = c.tenant_id and o.customer_id = c.id"
    )
    op.create_index("ix_customer_spent", "customer", ["tenant_id", "spent", "id"])
    op.create_index("ix_customer_order_count", "customer", ["tenant_id", "order_count", "id"])
    op.create_index("ix_customer_name", "customer", ["tenant_id", "name_key", "id"])
    op.create_index("ix_customer_surname", "customer", ["tenant_id", "surname_key"])
    _tags("customer")


def _payments() -> None:
    op.add_column("payment", sa.Column("reported_amount", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("payment", _text("reported_currency"))
    op.execute(
        "update payment set reported_amount = coalesce(substring(reason from 'reports (\\d+) ')::bigint, 0),"
        " reported_currency = coalesce(substring(reason from 'reports \\d+ ([A-Z]{3}) '), '') where status = 'held'"
    )
    op.drop_constraint(op.f("ck_payment_status"), "payment")
    op.create_check_constraint(op.f("ck_payment_status"), "payment", f"status in ({PAYMENT_STATUSES})")


def _figures() -> None:
    op.create_table(
        "sales_day",
        _tenant(),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("orders", "net", "bags")),
        sa.Column("is_stale", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day"),
    )
    op.create_table(
        "product_day",
        _tenant(),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("variant_id", sa.Uuid, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", "variant_id"),
        sa.ForeignKeyConstraint(["tenant_id", "day"], ["sales_day.tenant_id", "sales_day.day"], ondelete="CASCADE"),
    )


def _tags(thing: str) -> None:
    op.create_table(
        f"{thing}_tag",
        _tenant(),
        sa.Column(f"{thing}_id", sa.Uuid, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", f"{thing}_id", "tag"),
        sa.ForeignKeyConstraint(
            ["tenant_id", f"{thing}_id"], [f"{thing}.tenant_id", f"{thing}.id"], ondelete="CASCADE"
        ),
    )
    op.create_index(f"ix_{thing}_tag_tag", f"{thing}_tag", ["tenant_id", "tag", f"{thing}_id"])


def _tenant() -> sa.Column:
    return sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("shop.tenant_id", ondelete="CASCADE"), nullable=False)


def _own_key() -> tuple[sa.Column, sa.Column, sa.PrimaryKeyConstraint]:
    return _tenant(), sa.Column("id", sa.Uuid, nullable=False), sa.PrimaryKeyConstraint("tenant_id", "id")


def _text(name: str, kind: sa.types.TypeEngine = sa.Text()) -> sa.Column:  # noqa: B008  a type without state
    return sa.Column(name, kind, nullable=False, server_default="")


def _last_word_first(table: str) -> str:
    return rf"update {table} set surname_key = regexp_replace(name_key, '^(.*) (\S+)$', '\2 \1') where name_key <> ''"
