"""The shop's addresses and its plan for programs."""

from __future__ import annotations

from app.core import isolation
from app.core.access import requires
from app.core.rest import ApiDoor, Page, Paging, accepts, page_of, returns
from app.platform.tenancy import plans, queries
from app.platform.tenancy.programs import DomainOut, PlanOut, UseOut

door = ApiDoor("tenancy")


@door.get("/domains")
@requires("settings.read")
@returns(Page[DomainOut])
@accepts(Paging)
def list_domains(query: Paging) -> Page[DomainOut]:
    """List the addresses of the shop: its own one first, which always answers. There is one page."""
    tenant = isolation.tenant_id()
    named, primary = queries.domains_of(tenant), queries.primary_host(tenant)
    own = queries.own_host_of(tenant)
    found = [DomainOut(own, True, own == primary, None)]
    return page_of([*found, *(DomainOut(one.host, False, one.host == primary, one.verified_at) for one in named)], None)


@door.get("/plan")
@requires("settings.read")
@returns(PlanOut)
def get_plan() -> PlanOut:
    """Read what the shop's plan allows and how much of it is used."""
    plan = plans.plan_here()
    uses = [UseOut(one.which, one.used, one.limit) for one in plans.uses_here()]
    return PlanOut(plan.name if plan else "", plan.api_rate if plan else None, uses)
