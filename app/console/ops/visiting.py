"""Visits to a tenant's back office, as the operator asks for them."""

from uuid import UUID

from app import settings
from app.core import audit_platform, db, isolation
from app.core.access import Actor
from app.platform.support import queries as support
from app.platform.support import service as visits
from app.platform.support.models import SupportSession
from app.platform.tenancy import plans, queries


def ask(slug: str, operator: Actor, because: str, minutes: int, *, may_write: bool) -> None:
    """Announce a visit to a tenant. Raises NoSuchTenant."""
    tenant = queries.tenant_named(slug)
    plans.remember(tenant.id, operator.name, "visit", because)
    audit_platform.record(operator, "tenant.visit_asked", tenant, name=slug, reason=because, minutes=minutes,
                          writes=may_write)  # fmt: skip
    db.checkpoint()
    with db.unit_of_work(tenant.id):
        visits.ask(operator, because, minutes, may_write=may_write)


def enter(slug: str, session_id: UUID, operator: Actor, browser: str) -> str:
    """The address that lets this browser in, once. Raises NoSuchTenant, NotFound and SupportIsOver."""
    tenant = queries.tenant_named(slug)
    tenant_id = tenant.id
    db.checkpoint()
    with db.unit_of_work(tenant_id):
        address = origin_of(tenant_id) + visits.link_into(session_id, operator, browser)
    audit_platform.record(operator, "tenant.visit_begun", tenant, name=slug, visit=session_id)
    return address


def leave(slug: str, session_id: UUID, operator: Actor) -> None:
    """End a visit from outside. Raises NoSuchTenant and NotFound."""
    tenant = queries.tenant_named(slug)
    db.checkpoint()
    with db.unit_of_work(tenant.id):
        visits.end(session_id, by=operator)
    audit_platform.record(operator, "tenant.visit_ended", tenant, name=slug, visit=session_id)


def of(tenant_id: UUID) -> list[SupportSession]:
    """The latest visits to a tenant."""
    with isolation.entered(tenant_id):
        found = list(support.sessions(20))
        db.session.commit()
    return found


def origin_of(tenant_id: UUID) -> str:
    """Where a tenant's pages begin."""
    return settings.current().public_origin(queries.primary_host(tenant_id))
