"""Tables: the registry of tenants in the catalogue, and the root row of one tenant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, i18n, ids, isolation
from app.core.db import CatalogueModel, TenantRow, Timestamps, one_of

TENANT_STATES = ("opening", "open", "suspended", "closed")
HEALTHS = ("good", "watch", "bad")


class Plan(CatalogueModel):
    """What tenants on it may have; nothing in a column means that there is no limit."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    name: Mapped[str] = mapped_column(unique=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    """Tenants that no plan was given have this one."""
    products: Mapped[int | None]
    staff: Mapped[int | None]
    orders_month: Mapped[int | None]
    storage: Mapped[int | None]
    """Bytes."""
    api_rate: Mapped[int | None]
    """Requests a minute."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Tenant(CatalogueModel):
    """A client brand that this installation hosts. The address (slug) never changes once taken."""

    __tablename__ = "tenant"
    visitors_see = True
    __table_args__ = (
        one_of("status", TENANT_STATES),
        Index("ix_tenant_plan_id", "plan_id"),
        Index("ix_tenant_suspended", "id", postgresql_where=text("status = 'suspended'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="opening")
    claim: Mapped[str] = mapped_column(String(64), default="")
    suspended_because: Mapped[str] = mapped_column(String(300), default="")
    suspended_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey(Plan.id, name="fk_tenant_plan_id"), default=None)

    @property
    def is_suspended(self) -> bool:
        """Shoppers and programs find it closed; staff may look and export."""
        return self.status == "suspended"


class TenantUsage(CatalogueModel):
    """What a tenant has and how it does, counted by its own job: the operator reads this and no tenant's rows."""

    __tablename__ = "tenant_usage"
    is_audited = False
    __table_args__ = (one_of("health", HEALTHS),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    products: Mapped[int] = mapped_column(default=0)
    staff: Mapped[int] = mapped_column(default=0)
    orders_month: Mapped[int] = mapped_column(default=0)
    storage: Mapped[int] = mapped_column(default=0)
    api_calls: Mapped[int] = mapped_column(default=0)
    """In the last day; `refused_calls` of them were answered with an error of ours."""
    failing_webhooks: Mapped[int] = mapped_column(default=0)
    paused_webhooks: Mapped[int] = mapped_column(default=0)
    """Endpoints that were given up; those that the shop paused itself are not among them, nor are such plugins."""
    paused_plugins: Mapped[int] = mapped_column(default=0)
    failed_jobs: Mapped[int] = mapped_column(default=0)
    """In the last week, after their last try."""
    bounced: Mapped[int] = mapped_column(default=0)
    """Letters of the last week that could not be delivered."""
    refused_calls: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None]
    """The oldest fact or job that nobody has taken up."""
    last_sale_at: Mapped[datetime | None]
    health: Mapped[str] = mapped_column(default="good")
    warned: Mapped[dict[str, int]] = mapped_column(default=dict)
    """Of which limits the owners were told that 80 or 100 per cent are reached."""
    counted_at: Mapped[datetime] = mapped_column(default=clock.now)


class TenantHistory(CatalogueModel):
    """What operators did about a tenant."""

    __tablename__ = "tenant_history"
    is_audited = False
    __table_args__ = (Index("ix_tenant_history_of", "tenant_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]
    action: Mapped[str]
    details: Mapped[str] = mapped_column(default="")


class Domain(CatalogueModel):
    """A tenant's own host name. The address below the platform's domain needs no row here."""

    __tablename__ = "domain"
    visitors_see = True
    __table_args__ = (Index("ix_domain_tenant", "tenant_id"),)

    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"))
    is_primary: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Operator(CatalogueModel):
    """A person who runs this installation. Operators have no standing power inside a tenant."""

    __tablename__ = "operator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    has_factor: Mapped[bool] = mapped_column(default=False)
    """They have an authenticator app or a passkey, so a password alone no longer lets them in."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Shop(TenantRow, Timestamps):
    """The root row of one tenant: what kind of shop it is. Every other tenant row hangs from it."""

    __tablename__ = "shop"
    visitors_see = True
    __table_args__ = (
        one_of("weight_unit", ("g", "kg", "oz", "lb")),
        CheckConstraint("length(currency) = 3", name="currency_is_a_code"),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-100, default=isolation.tenant_id)
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[dict[str, Any]] = mapped_column(default=dict)
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(20))
    timezone: Mapped[str] = mapped_column(String(60))
    weight_unit: Mapped[str] = mapped_column(String(2), default="g")
    prices_include_tax: Mapped[bool] = mapped_column(default=True)
    announcement: Mapped[str] = mapped_column(String(200), default="")
    is_open: Mapped[bool] = mapped_column(default=True)
    brand_version: Mapped[int] = mapped_column(default=0)
    brand_hash: Mapped[str] = mapped_column(String(64), default="")
    checklist_done: Mapped[list[Any]] = mapped_column(default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def language(self) -> str:
        """The interface's language for the shop's locale: "en" for "en-IE"."""
        return i18n.base_of(self.locale)

    @property
    def languages(self) -> list[str]:
        """The further languages that visitors may choose, in the order of the settings."""
        return [one for one in self.settings.get("languages", ()) if i18n.is_known(one) and one != self.language]
