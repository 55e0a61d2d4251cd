"""Suspending a tenant and opening it again, with the reason in its own audit trail."""

from app.core import audit, audit_platform, db
from app.core.access import Actor
from app.core.errors import InvalidInput
from app.core.i18n import gettext
from app.platform.tenancy import plans, queries, service
from app.platform.tenancy.models import Tenant

SHORTEST, LONGEST = 3, 300


def suspend(slug: str, because: str, *, by: Actor) -> None:
    """Close a tenant from the next request on; its work waits. One that is closed already stays as it is.

    Raises NoSuchTenant, and InvalidInput for a reason that is none.
    """
    status, because = queries.lock_tenant(slug).status, because.strip()
    if not SHORTEST <= len(because) <= LONGEST:
        least = gettext("Say why, in %(least)s to %(most)s characters: staff of the shop read it.")
        raise InvalidInput({"because": least % {"least": SHORTEST, "most": LONGEST}})
    if status == "open":
        _remember(service.suspend(slug, because=because), by, "suspended", because)


def resume(slug: str, *, by: Actor) -> None:
    """Open a suspended tenant again. Raises NoSuchTenant."""
    if queries.lock_tenant(slug).is_suspended:
        _remember(service.resume(slug), by, "reopened", "")


def _remember(tenant: Tenant, by: Actor, action: str, because: str) -> None:
    """For operators in the registry and its trail, for the tenant in its own trail."""
    plans.remember(tenant.id, by.name, action, because)
    audit_platform.record(by, f"tenant.{action}", tenant, name=tenant.slug, reason=because)
    tenant_id = tenant.id
    db.checkpoint()
    with db.unit_of_work(tenant_id):
        audit.record(by, f"shop.{action}", tenant_id, reason=because)
