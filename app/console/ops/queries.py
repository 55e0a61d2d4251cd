"""Everything that the operator's pages read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app import settings
from app.console.ops.schemas import Find
from app.core import db, isolation, keyset
from app.core.access import Actor
from app.core.keyset import Order, Slice
from app.platform.tenancy import plans
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Domain, Plan, Tenant, TenantUsage

PAGE = 50
_SORTS = {"address": (Tenant.slug, False), "newest": (Tenant.created_at, True), "oldest": (Tenant.created_at, False)}


@dataclass(frozen=True)
class TenantLine:
    """One tenant in the operator's list, with what its own job counted last."""

    tenant: Tenant
    url: str
    plan: Plan | None
    usage: TenantUsage | None

    @property
    def uses(self) -> list[plans.Use]:
        """What it has of everything that is limited; nothing before it was counted."""
        if self.usage is None:
            return []
        return [
            plans.Use(which, getattr(self.usage, which), getattr(self.plan, which) if self.plan else None)
            for which in plans.COUNTED
        ]


def tenants(wanted: Find) -> Slice[TenantLine]:
    """One page of tenants: four statements, however many there are."""
    statement = select(Tenant)
    if wanted.q:
        like = f"%{wanted.q.strip()}%"
        statement = statement.where(or_(Tenant.slug.ilike(like), Tenant.name.ilike(like)))
    if wanted.state:
        statement = statement.where(Tenant.status == wanted.state)
    if wanted.plan:
        statement = statement.where(Tenant.plan_id == select(Plan.id).where(Plan.name == wanted.plan).scalar_subquery())
    if wanted.health:
        statement = statement.where(Tenant.id.in_(_of_health(wanted.health)))
    column, descending = _SORTS[wanted.sort]
    found = keyset.fetch(db.catalogue, statement, Order(column, Tenant.id, descending), wanted.cursor, PAGE)
    return Slice(_lines(found.rows), found.next, found.previous)


def _of_health(health: str) -> object:
    return select(TenantUsage.tenant_id).where(TenantUsage.health == health)


def _lines(rows: object) -> list[TenantLine]:
    tenants = list(rows)  # type: ignore[call-overload]  # rows of a slice
    ids = [tenant.id for tenant in tenants]
    usages = select(TenantUsage).where(TenantUsage.tenant_id.in_(ids)).execution_options(populate_existing=True)
    usage = {one.tenant_id: one for one in db.catalogue.scalars(usages)}
    own = select(Domain).where(Domain.tenant_id.in_(ids), Domain.is_primary, Domain.verified_at.is_not(None))
    hosts = {one.tenant_id: one.host for one in db.catalogue.scalars(own)}
    kinds = list(db.catalogue.scalars(select(Plan)))
    known, standard = {plan.id: plan for plan in kinds}, next((plan for plan in kinds if plan.is_default), None)
    return [
        TenantLine(
            tenant,
            settings.current().public_origin(hosts.get(tenant.id) or isolation.own_host(tenant.slug)) + "/",
            known.get(tenant.plan_id) if tenant.plan_id else standard,
            usage.get(tenant.id),
        )
        for tenant in tenants
    ]


def line_of(slug: str) -> TenantLine:
    """One tenant of the list. Raises NoSuchTenant."""
    return _lines([tenancy.tenant_named(slug)])[0]


def actor(operator_id: UUID) -> Actor | None:
    """The signed-in operator as an actor; None when the account is gone."""
    operator = tenancy.operator_by_id(operator_id)
    return Actor("operator", operator.id, operator.name or operator.email) if operator else None
