"""Everything that the operator's pages read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app import settings
from app.console.ops.measuring import LATE
from app.console.ops.models import ConsoleRule, OperatorApp, OperatorCode, OperatorPasskey
from app.console.ops.schemas import Find
from app.core import db, isolation, keyset
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.keyset import Order, Slice
from app.platform.tenancy import plans
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Domain, Operator, Plan, Tenant, TenantUsage

PAGE = 50
SECOND_STEP = "second_step"
"""The rule by which every operator needs more than a password."""
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

    @property
    def late_since(self) -> datetime | None:
        """Since when its oldest work waits, where that is too long."""
        since = self.usage.waiting_since if self.usage else None
        return since if since and self.usage and self.usage.counted_at - since > LATE else None


def tenants(wanted: Find) -> Slice[TenantLine]:
    """One page of tenants: four statements, however many there are."""
    statement = select(Tenant)
    if wanted.q:
        words = wanted.q.strip()
        has_them = (column.icontains(words, autoescape=True) for column in (Tenant.slug, Tenant.name))
        statement = statement.where(or_(*has_them))
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


def domains_of(tenant_id: UUID) -> Sequence[Domain]:
    """A tenant's own host names, proven or not."""
    return db.catalogue.scalars(select(Domain).where(Domain.tenant_id == tenant_id).order_by(Domain.host)).all()


def line_of(slug: str) -> TenantLine:
    """One tenant of the list. Raises NoSuchTenant."""
    return _lines([tenancy.tenant_named(slug)])[0]


def actor_of(operator: Operator) -> Actor:
    """An operator as an actor."""
    return Actor("operator", operator.id, operator.name or operator.email)


def operator_or_404(operator_id: UUID) -> Operator:
    """The operator with this id. Raises NotFound."""
    operator = tenancy.operator_by_id(operator_id)
    if operator is None:
        raise NotFound
    return operator


def lock_operator(email: str) -> Operator | None:
    """The operator with this normalised e-mail, locked."""
    wanted = select(Operator).where(Operator.email == email).with_for_update()
    return db.catalogue.scalar(wanted.execution_options(populate_existing=True))


def operators() -> Sequence[Operator]:
    """Everybody who runs this installation, by e-mail."""
    return db.catalogue.scalars(select(Operator).order_by(Operator.email)).all()


def asks_second_step() -> bool:
    """Does the console ask every operator for a second step?"""
    return bool(db.catalogue.scalar(select(ConsoleRule.value).where(ConsoleRule.name == SECOND_STEP)))


def lock_rule(name: str) -> ConsoleRule | None:
    """A rule that was set once, locked."""
    return db.catalogue.scalar(select(ConsoleRule).where(ConsoleRule.name == name).with_for_update())


def app_of(operator_id: UUID) -> OperatorApp | None:
    """An operator's authenticator app, also one that is only being set up."""
    return db.catalogue.scalar(select(OperatorApp).where(OperatorApp.operator_id == operator_id))


def lock_app_of(operator_id: UUID) -> OperatorApp | None:
    """The same, locked: of two requests with one code, one finds it used."""
    wanted = select(OperatorApp).where(OperatorApp.operator_id == operator_id).with_for_update()
    return db.catalogue.scalar(wanted.execution_options(populate_existing=True))


def passkeys_of(operator_id: UUID) -> Sequence[OperatorPasskey]:
    """An operator's passkeys, the oldest first."""
    wanted = select(OperatorPasskey).where(OperatorPasskey.operator_id == operator_id)
    return db.catalogue.scalars(wanted.order_by(OperatorPasskey.id)).all()


def lock_passkey(passkey_id: UUID, operator_id: UUID) -> OperatorPasskey:
    """One passkey of an operator, locked. Raises NotFound."""
    theirs = (OperatorPasskey.id == passkey_id, OperatorPasskey.operator_id == operator_id)
    found = db.catalogue.scalar(select(OperatorPasskey).where(*theirs).with_for_update())
    if found is None:
        raise NotFound
    return found


def lock_passkey_named(credential_id: bytes) -> OperatorPasskey | None:
    """The passkey that a device names, locked."""
    wanted = select(OperatorPasskey).where(OperatorPasskey.credential_id == credential_id).with_for_update()
    return db.catalogue.scalar(wanted.execution_options(populate_existing=True))


def codes_of(operator_id: UUID) -> Sequence[OperatorCode]:
    """An operator's recovery codes, used ones too."""
    return db.catalogue.scalars(select(OperatorCode).where(OperatorCode.operator_id == operator_id)).all()


def lock_code(operator_id: UUID, code_hash: bytes) -> OperatorCode | None:
    """A recovery code that nobody used yet, locked."""
    theirs = (OperatorCode.operator_id == operator_id, OperatorCode.code_hash == code_hash)
    wanted = select(OperatorCode).where(*theirs, OperatorCode.used_at.is_(None)).with_for_update()
    return db.catalogue.scalar(wanted.execution_options(populate_existing=True))
