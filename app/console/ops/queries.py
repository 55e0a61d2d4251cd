"""Everything that the operator's pages read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import settings
from app.core.access import Actor
from app.platform.tenancy import queries as tenancy


@dataclass(frozen=True)
class TenantLine:
    """One tenant in the operator's list."""

    slug: str
    name: str
    status: str
    suspended_because: str
    url: str
    created_at: datetime


def tenants() -> Sequence[TenantLine]:
    """Every tenant, by address."""
    return [line_of(tenant.slug) for tenant in tenancy.all_tenants()]


def line_of(slug: str) -> TenantLine:
    """One tenant of the list. Raises NoSuchTenant."""
    tenant = tenancy.tenant_named(slug)
    url = settings.current().public_origin(tenancy.primary_host(tenant.id)) + "/"
    return TenantLine(tenant.slug, tenant.name, tenant.status, tenant.suspended_because, url, tenant.created_at)


def actor(operator_id: UUID) -> Actor | None:
    """The signed-in operator as an actor; None when the account is gone."""
    operator = tenancy.operator_by_id(operator_id)
    return Actor("operator", operator.id, operator.name or operator.email) if operator else None
