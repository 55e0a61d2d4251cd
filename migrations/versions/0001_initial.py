"""The first shape of the house: the catalogue, the tenants' tables with their isolation, and the queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.security import create_queue, isolate, share_catalogue

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT_TABLES = ('api_key', 'audit_entry', 'brand_version', 'cart', 'cart_line', 'collection', 'collection_product', 'counter', 'customer', 'customer_address', 'data_key', 'event', 'fulfilment', 'gateway_event', 'home_section', 'import_row', 'ledger_entry', 'menu', 'order', 'order_entry', 'order_line', 'order_money', 'outgoing_message', 'payment', 'payment_method', 'product', 'product_facet', 'product_image', 'product_import', 'refund', 'search_key', 'search_posting', 'shipping_rate', 'shipping_zone', 'shop', 'staff_invitation', 'staff_member', 'tax_rate', 'testpay_session', 'text_page', 'variant', 'web_session')
CATALOGUE_TABLES = ('account', 'account_shop', 'domain', 'operator', 'platform_session', 'rate_window', 'tenant', 'wizard_draft', 'wizard_file')


def upgrade() -> None:
    
    op.create_table('shop',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('address', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('locale', sa.String(length=20), nullable=False),
    sa.Column('timezone', sa.String(length=60), nullable=False),
    sa.Column('weight_unit', sa.String(length=2), nullable=False),
    sa.Column('prices_include_tax', sa.Boolean(), nullable=False),
    sa.Column('announcement', sa.String(length=200), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('brand_version', sa.BigInteger(), nullable=False),
    sa.Column('brand_hash', sa.String(length=64), nullable=False),
    sa.Column('checklist_done', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("weight_unit in ('g', 'kg', 'oz', 'lb')", name=op.f('ck_shop_weight_unit')),
    sa.CheckConstraint('length(currency) = 3', name=op.f('ck_shop_currency_is_a_code')),
    sa.PrimaryKeyConstraint('tenant_id', name=op.f('pk_shop'))
    )
    op.create_table('api_key',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=False),
    sa.Column('scopes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_api_key_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('tenant_id', 'key_hash', name=op.f('uq_api_key_tenant_id_key_hash'))
    )
    op.create_index('ix_api_key_made_by', 'api_key', ['tenant_id', 'made_by'], unique=False)
    op.create_table('audit_entry',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('object_type', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Text(), nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_audit_entry_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_entry'))
    )
    op.create_index('ix_audit_entry_object', 'audit_entry', ['tenant_id', 'object_type', 'object_id'], unique=False)
    op.create_index('ix_audit_entry_recent', 'audit_entry', ['tenant_id', 'at'], unique=False)
    op.create_table('brand_version',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('tokens', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('css', sa.Text(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('logo_colours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('draft', 'published', 'superseded')", name=op.f('ck_brand_version_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_brand_version_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_brand_version')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_brand_version_tenant_id_number'))
    )
    op.create_index('ix_brand_version_hash', 'brand_version', ['tenant_id', 'hash'], unique=False)
    op.create_index('uq_brand_draft', 'brand_version', ['tenant_id'], unique=True, postgresql_where=sa.text("status = 'draft'"))
    op.create_index('uq_brand_published', 'brand_version', ['tenant_id'], unique=True, postgresql_where=sa.text("status = 'published'"))
    op.create_table('cart',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('payment_id', sa.Uuid(), nullable=True),
    sa.Column('placed_print', sa.Text(), nullable=False),
    sa.Column('placed_lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('draft', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('open', 'placed', 'done')", name=op.f('ck_cart_state')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_cart_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_cart')),
    sa.UniqueConstraint('tenant_id', 'token_hash', name=op.f('uq_cart_tenant_id_token_hash'))
    )
    op.create_index('ix_cart_order', 'cart', ['tenant_id', 'order_id'], unique=False)
    op.create_index('ix_cart_updated', 'cart', ['tenant_id', 'updated_at'], unique=False)
    op.create_table('collection',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description_html', sa.Text(), nullable=False),
    sa.Column('image_key', sa.Text(), nullable=True),
    sa.Column('image_renditions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('seo_title', sa.Text(), nullable=False),
    sa.Column('seo_description', sa.Text(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('draft', 'active')", name=op.f('ck_collection_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_collection_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_collection')),
    sa.UniqueConstraint('tenant_id', 'handle', name=op.f('uq_collection_tenant_id_handle'))
    )
    op.create_table('counter',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_counter_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'name', name=op.f('pk_counter'))
    )
    op.create_table('customer',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('email_proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('credentials_version', sa.BigInteger(), nullable=False),
    sa.Column('accepts_marketing', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('password_hash is null or email_proved_at is not null', name=op.f('ck_customer_account_has_proved_address')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_customer_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer')),
    sa.UniqueConstraint('tenant_id', 'email', name=op.f('uq_customer_tenant_id_email'))
    )
    op.create_index('ix_customer_recent', 'customer', ['tenant_id', 'created_at', 'id'], unique=False)
    op.create_table('data_key',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version between 1 and 255', name=op.f('ck_data_key_version_fits_one_byte')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_data_key_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'version', name=op.f('pk_data_key'))
    )
    op.create_table('event',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('relayed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind in ('fact', 'job')", name=op.f('ck_event_kind')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_event_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_event'))
    )
    op.create_index('ix_event_name', 'event', ['tenant_id', 'name', 'id'], unique=False)
    op.create_index('ix_event_waiting', 'event', ['id'], unique=False, postgresql_where=sa.text('relayed_at is null'))
    op.create_table('gateway_event',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('gateway', sa.Text(), nullable=False),
    sa.Column('event_id', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_gateway_event_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_gateway_event')),
    sa.UniqueConstraint('tenant_id', 'gateway', 'event_id', name=op.f('uq_gateway_event_tenant_id_gateway_event_id'))
    )
    op.create_index('ix_gateway_event_received', 'gateway_event', ['tenant_id', 'received_at'], unique=False)
    op.create_table('home_section',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_visible', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('hero', 'usp', 'products', 'story', 'collections', 'text', 'quote', 'faq')", name=op.f('ck_home_section_kind')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_home_section_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_home_section'))
    )
    op.create_index('ix_home_section_place', 'home_section', ['tenant_id', 'position'], unique=False)
    op.create_table('menu',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('entries', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_menu_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_menu')),
    sa.UniqueConstraint('tenant_id', 'handle', name=op.f('uq_menu_tenant_id_handle'))
    )
    op.create_table('outgoing_message',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('queued', 'sent', 'failed')", name=op.f('ck_outgoing_message_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_outgoing_message_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_outgoing_message')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_outgoing_message_tenant_id_key'))
    )
    op.create_index('ix_outgoing_message_recent', 'outgoing_message', ['tenant_id', 'created_at'], unique=False)
    op.create_table('payment',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('gateway', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('redirect_url', sa.Text(), nullable=False),
    sa.Column('request', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('captured', sa.BigInteger(), nullable=False),
    sa.Column('refunded', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('created', 'pending', 'captured', 'failed', 'expired', 'held')", name=op.f('ck_payment_status')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_payment_is_of_something')),
    sa.CheckConstraint('captured in (0, amount)', name=op.f('ck_payment_payment_captured_is_all_or_nothing')),
    sa.CheckConstraint('refunded >= 0 and refunded <= captured', name=op.f('ck_payment_payment_never_refunded_above_captured')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_payment_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payment'))
    )
    op.create_index('ix_payment_unsettled', 'payment', ['tenant_id', 'status', 'expires_at'], unique=False)
    op.create_index('uq_payment_open_order', 'payment', ['tenant_id', 'order_id'], unique=True, postgresql_where=sa.text("status in ('created', 'pending', 'held')"))
    op.create_index('uq_payment_reference', 'payment', ['tenant_id', 'gateway', 'reference'], unique=True, postgresql_where=sa.text('reference is not null'))
    op.create_table('payment_method',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('instructions', sa.Text(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_payment_method_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_payment_method')),
    sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_payment_method_tenant_id_code'))
    )
    op.create_table('product',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('description_html', sa.Text(), nullable=False),
    sa.Column('vendor', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('tags', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('seo_title', sa.Text(), nullable=False),
    sa.Column('seo_description', sa.Text(), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('price_from', sa.BigInteger(), nullable=False),
    sa.Column('price_to', sa.BigInteger(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('sold', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('draft', 'active', 'archived')", name=op.f('ck_product_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_product_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_product')),
    sa.UniqueConstraint('tenant_id', 'handle', name=op.f('uq_product_tenant_id_handle'))
    )
    op.create_index('ix_product_newest', 'product', ['tenant_id', 'status', 'published_at'], unique=False)
    op.create_index('ix_product_price', 'product', ['tenant_id', 'status', 'price_from'], unique=False)
    op.create_index('ix_product_sold', 'product', ['tenant_id', 'status', 'sold'], unique=False)
    op.create_index('ix_product_title', 'product', ['tenant_id', 'status', 'title'], unique=False)
    op.create_table('product_import',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('encoding', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('notes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('started_by', sa.Text(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("format in ('shopify', 'own')", name=op.f('ck_product_import_format')),
    sa.CheckConstraint("status in ('previewed', 'queued', 'running', 'finished', 'failed')", name=op.f('ck_product_import_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_product_import_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_product_import'))
    )
    op.create_index('ix_product_import_recent', 'product_import', ['tenant_id', 'created_at'], unique=False)
    op.create_table('search_key',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('word', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_search_key_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'key', 'word', name=op.f('pk_search_key'))
    )
    op.create_table('shipping_zone',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('countries', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_shipping_zone_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_shipping_zone'))
    )
    op.create_index('ix_shipping_zone_position', 'shipping_zone', ['tenant_id', 'position'], unique=False)
    op.create_table('staff_member',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('entry_mark', sa.Text(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role in ('owner', 'manager')", name=op.f('ck_staff_member_role')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_staff_member_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_staff_member')),
    sa.UniqueConstraint('tenant_id', 'account_id', name=op.f('uq_staff_member_tenant_id_account_id')),
    sa.UniqueConstraint('tenant_id', 'email', name=op.f('uq_staff_member_tenant_id_email'))
    )
    op.create_table('tax_rate',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('rate', sa.BigInteger(), nullable=False),
    sa.Column('taxes_delivery', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rate >= 0 and rate <= 100000', name=op.f('ck_tax_rate_tax_rate_between_nothing_and_all')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_tax_rate_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tax_rate')),
    sa.UniqueConstraint('tenant_id', 'country', name=op.f('uq_tax_rate_tenant_id_country'))
    )
    op.create_table('testpay_session',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('return_url', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('refunded', sa.BigInteger(), nullable=False),
    sa.Column('refunds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('open', 'challenged', 'approved', 'declined', 'later', 'silent', 'closed')", name=op.f('ck_testpay_session_status')),
    sa.CheckConstraint('refunded between 0 and amount', name=op.f('ck_testpay_session_refunded_at_most_amount')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_testpay_session_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_testpay_session')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_testpay_session_tenant_id_key'))
    )
    op.create_table('text_page',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('seo_title', sa.Text(), nullable=False),
    sa.Column('seo_description', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('draft', 'active')", name=op.f('ck_text_page_status')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_text_page_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_text_page')),
    sa.UniqueConstraint('tenant_id', 'handle', name=op.f('uq_text_page_tenant_id_handle'))
    )
    op.create_table('web_session',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_web_session_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_web_session')),
    sa.UniqueConstraint('tenant_id', 'token_hash', name=op.f('uq_web_session_tenant_id_token_hash'))
    )
    op.create_index('ix_web_session_expiry', 'web_session', ['tenant_id', 'expires_at'], unique=False)
    op.create_index('ix_web_session_subject', 'web_session', ['tenant_id', 'kind', 'subject_id'], unique=False)
    op.create_table('cart_line',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cart_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('seen_title', sa.Text(), nullable=False),
    sa.Column('seen_price', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity between 1 and 99', name=op.f('ck_cart_line_cart_line_quantity_is_sensible')),
    sa.ForeignKeyConstraint(['tenant_id', 'cart_id'], ['cart.tenant_id', 'cart.id'], name=op.f('fk_cart_line_tenant_id_cart_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_cart_line_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_cart_line')),
    sa.UniqueConstraint('tenant_id', 'cart_id', 'variant_id', name=op.f('uq_cart_line_tenant_id_cart_id_variant_id'))
    )
    op.create_table('collection_product',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('collection_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'collection_id'], ['collection.tenant_id', 'collection.id'], name=op.f('fk_collection_product_tenant_id_collection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id', 'product_id'], ['product.tenant_id', 'product.id'], name=op.f('fk_collection_product_tenant_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_collection_product_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_collection_product')),
    sa.UniqueConstraint('tenant_id', 'collection_id', 'product_id', name=op.f('uq_collection_product_tenant_id_collection_id_product_id'))
    )
    op.create_index('ix_collection_product_product', 'collection_product', ['tenant_id', 'product_id'], unique=False)
    op.create_table('customer_address',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('company', sa.Text(), nullable=False),
    sa.Column('line1', sa.Text(), nullable=False),
    sa.Column('line2', sa.Text(), nullable=False),
    sa.Column('postal_code', sa.Text(), nullable=False),
    sa.Column('city', sa.Text(), nullable=False),
    sa.Column('region', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_customer_address_tenant_id_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_customer_address_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer_address'))
    )
    op.create_index('ix_customer_address_customer', 'customer_address', ['tenant_id', 'customer_id'], unique=False)
    op.create_index('uq_customer_address_default', 'customer_address', ['tenant_id', 'customer_id'], unique=True, postgresql_where=sa.text('is_default'))
    op.create_table('import_row',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('cells', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('warning', sa.Text(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=True),
    sa.Column('picture_state', sa.Text(), nullable=False),
    sa.Column('picture_problem', sa.Text(), nullable=False),
    sa.CheckConstraint("picture_state in ('none', 'waiting', 'stored', 'failed')", name=op.f('ck_import_row_picture_state')),
    sa.CheckConstraint("state in ('waiting', 'created', 'updated', 'unchanged', 'failed')", name=op.f('ck_import_row_state')),
    sa.CheckConstraint("verdict in ('create', 'update', 'unchanged', 'error')", name=op.f('ck_import_row_verdict')),
    sa.ForeignKeyConstraint(['tenant_id', 'import_id'], ['product_import.tenant_id', 'product_import.id'], name=op.f('fk_import_row_tenant_id_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_import_row_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_import_row')),
    sa.UniqueConstraint('tenant_id', 'import_id', 'line', name=op.f('uq_import_row_tenant_id_import_id_line'))
    )
    op.create_index('ix_import_row_state', 'import_row', ['tenant_id', 'import_id', 'state'], unique=False)
    op.create_table('ledger_entry',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'capture') = (amount > 0)", name=op.f('ck_ledger_entry_ledger_sign_follows_kind')),
    sa.CheckConstraint("kind in ('capture', 'refund')", name=op.f('ck_ledger_entry_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'payment_id'], ['payment.tenant_id', 'payment.id'], name=op.f('fk_ledger_entry_tenant_id_payment_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_ledger_entry_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_ledger_entry_tenant_id_key'))
    )
    op.create_index('ix_ledger_entry_order', 'ledger_entry', ['tenant_id', 'order_id'], unique=False)
    op.create_table('order',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('cart_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('customer_name', sa.Text(), nullable=False),
    sa.Column('locale', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('payment_status', sa.Text(), nullable=False),
    sa.Column('fulfilment_status', sa.Text(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_because', sa.Text(), nullable=False),
    sa.Column('holds_stock', sa.Boolean(), nullable=False),
    sa.Column('attention', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('subtotal', sa.BigInteger(), nullable=False),
    sa.Column('shipping', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('paid', sa.BigInteger(), nullable=False),
    sa.Column('refunded', sa.BigInteger(), nullable=False),
    sa.Column('prices_include_tax', sa.Boolean(), nullable=False),
    sa.Column('tax_lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('item_count', sa.BigInteger(), nullable=False),
    sa.Column('shipping_address', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('billing_address', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('shipping_name', sa.Text(), nullable=False),
    sa.Column('payment_gateway', sa.Text(), nullable=False),
    sa.Column('payment_title', sa.Text(), nullable=False),
    sa.Column('payment_instructions', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('gave_up', sa.Boolean(), nullable=False),
    sa.Column('is_counted_as_sold', sa.Boolean(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("fulfilment_status in ('unfulfilled', 'partly_fulfilled', 'fulfilled')", name=op.f('ck_order_fulfilment_status')),
    sa.CheckConstraint("payment_status in ('unpaid', 'pending', 'paid', 'partially_refunded', 'refunded', 'failed')", name=op.f('ck_order_payment_status')),
    sa.CheckConstraint("status in ('pending', 'placed', 'completed', 'cancelled')", name=op.f('ck_order_status')),
    sa.CheckConstraint('paid >= 0 and refunded >= 0 and refunded <= paid', name=op.f('ck_order_money')),
    sa.CheckConstraint('total >= 0', name=op.f('ck_order_total')),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_order_tenant_id_customer_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_order_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order')),
    sa.UniqueConstraint('tenant_id', 'cart_id', name=op.f('uq_order_tenant_id_cart_id')),
    sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_order_tenant_id_number'))
    )
    op.create_index('ix_order_customer', 'order', ['tenant_id', 'customer_id', 'placed_at'], unique=False)
    op.create_index('ix_order_email', 'order', ['tenant_id', 'email'], unique=False)
    op.create_index('ix_order_recent', 'order', ['tenant_id', 'placed_at', 'id'], unique=False)
    op.create_index('ix_order_total', 'order', ['tenant_id', 'total', 'id'], unique=False)
    op.create_table('product_facet',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'product_id'], ['product.tenant_id', 'product.id'], name=op.f('fk_product_facet_tenant_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_product_facet_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'product_id', 'name', 'value', name=op.f('pk_product_facet'))
    )
    op.create_index('ix_product_facet_value', 'product_facet', ['tenant_id', 'name', 'value', 'product_id'], unique=False)
    op.create_table('product_image',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('alt', sa.Text(), nullable=False),
    sa.Column('width', sa.BigInteger(), nullable=False),
    sa.Column('height', sa.BigInteger(), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('renditions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'product_id'], ['product.tenant_id', 'product.id'], name=op.f('fk_product_image_tenant_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_product_image_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_product_image'))
    )
    op.create_index('ix_product_image_product', 'product_image', ['tenant_id', 'product_id', 'position'], unique=False)
    op.create_table('refund',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('requested_by', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status in ('requested', 'succeeded', 'failed')", name=op.f('ck_refund_status')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_refund_refund_is_of_something')),
    sa.ForeignKeyConstraint(['tenant_id', 'payment_id'], ['payment.tenant_id', 'payment.id'], name=op.f('fk_refund_tenant_id_payment_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_refund_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_refund')),
    sa.UniqueConstraint('tenant_id', 'key', name=op.f('uq_refund_tenant_id_key'))
    )
    op.create_index('ix_refund_payment', 'refund', ['tenant_id', 'payment_id'], unique=False)
    op.create_table('search_posting',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('weight', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'product_id'], ['product.tenant_id', 'product.id'], name=op.f('fk_search_posting_tenant_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_search_posting_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'word', 'product_id', name=op.f('pk_search_posting'))
    )
    op.create_index('ix_search_posting_product', 'search_posting', ['tenant_id', 'product_id'], unique=False)
    op.create_table('shipping_rate',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('zone_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('delivery_time', sa.Text(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'zone_id'], ['shipping_zone.tenant_id', 'shipping_zone.id'], name=op.f('fk_shipping_rate_tenant_id_zone_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_shipping_rate_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_shipping_rate'))
    )
    op.create_index('ix_shipping_rate_zone', 'shipping_rate', ['tenant_id', 'zone_id', 'position'], unique=False)
    op.create_table('staff_invitation',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('invited_by', sa.Uuid(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role in ('owner', 'manager')", name=op.f('ck_staff_invitation_role')),
    sa.ForeignKeyConstraint(['tenant_id', 'invited_by'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_staff_invitation_tenant_id_invited_by'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_staff_invitation_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_staff_invitation')),
    sa.UniqueConstraint('tenant_id', 'email', name=op.f('uq_staff_invitation_tenant_id_email'))
    )
    op.create_index('ix_staff_invitation_invited_by', 'staff_invitation', ['tenant_id', 'invited_by'], unique=False)
    op.create_table('variant',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('compare_at', sa.BigInteger(), nullable=True),
    sa.Column('weight_grams', sa.BigInteger(), nullable=False),
    sa.Column('barcode', sa.Text(), nullable=False),
    sa.Column('on_hand', sa.BigInteger(), nullable=False),
    sa.Column('tracks_stock', sa.Boolean(), nullable=False),
    sa.Column('continue_selling', sa.Boolean(), nullable=False),
    sa.Column('owed', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('on_hand >= 0', name=op.f('ck_variant_stock_not_negative')),
    sa.CheckConstraint('owed >= 0', name=op.f('ck_variant_owed_not_negative')),
    sa.CheckConstraint('price >= 0', name=op.f('ck_variant_price_not_negative')),
    sa.ForeignKeyConstraint(['tenant_id', 'product_id'], ['product.tenant_id', 'product.id'], name=op.f('fk_variant_tenant_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_variant_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_variant'))
    )
    op.create_index('ix_variant_product', 'variant', ['tenant_id', 'product_id', 'position'], unique=False)
    op.create_index('ix_variant_sku', 'variant', ['tenant_id', 'sku'], unique=False)
    op.create_table('fulfilment',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('carrier', sa.Text(), nullable=False),
    sa.Column('tracking_number', sa.Text(), nullable=False),
    sa.Column('tracking_url', sa.Text(), nullable=False),
    sa.Column('contents', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['order.tenant_id', 'order.id'], name=op.f('fk_fulfilment_tenant_id_order_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_fulfilment_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_fulfilment'))
    )
    op.create_index('ix_fulfilment_order', 'fulfilment', ['tenant_id', 'order_id'], unique=False)
    op.create_table('order_entry',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('received', 'placed', 'payment', 'fulfilment', 'refund', 'cancellation', 'mail', 'note', 'attention')", name=op.f('ck_order_entry_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['order.tenant_id', 'order.id'], name=op.f('fk_order_entry_tenant_id_order_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_order_entry_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order_entry'))
    )
    op.create_index('ix_order_entry_order', 'order_entry', ['tenant_id', 'order_id', 'at', 'id'], unique=False)
    op.create_table('order_line',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('product_title', sa.Text(), nullable=False),
    sa.Column('variant_title', sa.Text(), nullable=False),
    sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('image_key', sa.Text(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('tax_rate', sa.Text(), nullable=False),
    sa.Column('fulfilled', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('fulfilled >= 0 and fulfilled <= quantity', name=op.f('ck_order_line_fulfilled')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_line_quantity')),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['order.tenant_id', 'order.id'], name=op.f('fk_order_line_tenant_id_order_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_order_line_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order_line')),
    sa.UniqueConstraint('tenant_id', 'order_id', 'position', name=op.f('uq_order_line_tenant_id_order_id_position'))
    )
    op.create_index('ix_order_line_variant', 'order_line', ['tenant_id', 'variant_id'], unique=False)
    op.create_table('order_money',
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reference', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('payment', 'refund')", name=op.f('ck_order_money_kind')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_order_money_amount')),
    sa.ForeignKeyConstraint(['tenant_id', 'order_id'], ['order.tenant_id', 'order.id'], name=op.f('fk_order_money_tenant_id_order_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['shop.tenant_id'], name=op.f('fk_order_money_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_order_money')),
    sa.UniqueConstraint('tenant_id', 'kind', 'reference', name=op.f('uq_order_money_tenant_id_kind_reference'))
    )
    op.create_index('ix_order_money_order', 'order_money', ['tenant_id', 'order_id'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('password_version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    schema='catalogue'
    )
    op.create_table('operator',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator')),
    sa.UniqueConstraint('email', name=op.f('uq_operator_email')),
    schema='catalogue'
    )
    op.create_table('platform_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_platform_session_token_hash')),
    schema='catalogue'
    )
    op.create_table('rate_window',
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), nullable=False),
    sa.Column('hits', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_rate_window')),
    schema='catalogue'
    )
    op.create_table('tenant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(length=63), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('claim', sa.String(length=64), nullable=False),
    sa.Column('suspended_because', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status in ('opening', 'open', 'suspended', 'closed')", name=op.f('ck_tenant_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant')),
    sa.UniqueConstraint('slug', name=op.f('uq_tenant_slug')),
    schema='catalogue'
    )
    op.create_table('wizard_draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wizard_draft')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_wizard_draft_token_hash')),
    schema='catalogue'
    )
    op.create_index('ix_wizard_draft_expiry', 'wizard_draft', ['expires_at'], unique=False, schema='catalogue')
    op.create_table('account_shop',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['catalogue.account.id'], name=op.f('fk_account_shop_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'tenant_id', name=op.f('pk_account_shop')),
    schema='catalogue'
    )
    op.create_table('domain',
    sa.Column('host', sa.String(length=253), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['catalogue.tenant.id'], name=op.f('fk_domain_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('host', name=op.f('pk_domain')),
    schema='catalogue'
    )
    op.create_index('ix_domain_tenant', 'domain', ['tenant_id'], unique=False, schema='catalogue')
    op.create_table('wizard_file',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['draft_id'], ['catalogue.wizard_draft.id'], name=op.f('fk_wizard_file_draft_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('draft_id', 'kind', name=op.f('pk_wizard_file')),
    schema='catalogue'
    )
    
    isolate(*TENANT_TABLES)
    share_catalogue(*CATALOGUE_TABLES)
    create_queue()
    op.execute("grant select on alembic_version to livery_app, livery_operator")


def downgrade() -> None:
    raise RuntimeError("There is nothing before the first revision.")
