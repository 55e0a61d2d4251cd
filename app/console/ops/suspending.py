"""Suspending a tenant and opening it again, with the reason in its own audit trail."""

from app.core import audit, db
from app.core.access import Actor
from app.platform.tenancy import plans, service
from app.platform.tenancy.models import Tenant


def suspend(slug: str, because: str, *, by: Actor) -> None:
    """Close a tenant from the next request on; its work waits. Raises NoSuchTenant."""
    tenant = service.suspend(slug, because=because)
    _remember(tenant, by, "suspended", because)


def resume(slug: str, *, by: Actor) -> None:
    """Open a suspended tenant again. Raises NoSuchTenant."""
    tenant = service.resume(slug)
    _remember(tenant, by, "reopened", "")


def _remember(tenant: Tenant, by: Actor, action: str, because: str) -> None:
    """For operators in the registry, for the tenant in its audit trail."""
    plans.remember(tenant.id, by.name, action, because)
    tenant_id = tenant.id
    db.checkpoint()
    with db.unit_of_work(tenant_id):
        audit.record(by, f"shop.{action}", tenant_id, reason=because)
