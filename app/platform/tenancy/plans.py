"""Plans: what a tenant may have, and the refusal of more. Asked by the services that add something.

A change acts on the next request of every process: the plan is read where it is needed and remembered nowhere; only
the requests a minute follow when a process leases its next handful, ten seconds later at most. Whoever
adds something that is limited takes the limit's lock first, so of two who add the last one, one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from babel import numbers
from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core import audit, audit_platform, db, i18n, ids, isolation, storage
from app.core.access import Actor
from app.core.db import Counter
from app.core.errors import PlanLimitReached
from app.core.i18n import gettext, mark
from app.platform.tenancy import hooks, queries
from app.platform.tenancy.errors import NoSuchPlan, PlanInUse, PlanNameTaken
from app.platform.tenancy.models import Plan, Tenant, TenantHistory, TenantUsage

LIMITED = {
    "products": mark("products"),
    "staff": mark("members of staff"),
    "orders_month": mark("orders a month"),
    "storage": mark("of storage"),
    "api_rate": mark("requests a minute"),
}
"""What plans limit, as it stands behind a number."""
COUNTED = ("products", "staff", "orders_month", "storage")
NEAR = 80
"""From this many per cent on, people are warned."""


@dataclass(frozen=True)
class PlanForm:
    """What an operator writes into a plan; nothing means no limit."""

    name: str
    products: int | None = None
    staff: int | None = None
    orders_month: int | None = None
    storage: int | None = None
    api_rate: int | None = None
    is_default: bool = False


@dataclass(frozen=True)
class Use:
    """How much of a limit is used."""

    which: str
    used: int
    limit: int | None

    @property
    def percent(self) -> int:
        """Of the limit, at most 100; nought where there is none."""
        return min(100, self.used * 100 // self.limit) if self.limit else (100 if self.limit == 0 else 0)

    @property
    def is_near(self) -> bool:
        """Time to warn."""
        return self.percent >= NEAR

    @property
    def is_full(self) -> bool:
        """No more fits."""
        return self.limit is not None and self.used >= self.limit


def plan_here() -> Plan | None:
    """The plan of the entered tenant, or the default one; None where there are no limits at all."""
    return plan_of(isolation.tenant_id())


def plan_of(tenant_id: UUID) -> Plan | None:
    """The same, of a tenant."""
    is_theirs = or_(Plan.id == Tenant.plan_id, and_(Tenant.plan_id.is_(None), Plan.is_default))
    wanted = select(Plan).join(Tenant, is_theirs).where(Tenant.id == tenant_id).limit(1)
    return db.catalogue.scalar(wanted.execution_options(populate_existing=True))


def api_rate_here() -> int | None:
    """Requests a minute that the entered tenant's plan allows; None leaves it to the installation."""
    plan = plan_here()
    return plan.api_rate if plan else None


def make_room(which: str, adding: int = 1) -> None:
    """Let so many more be added in this transaction. Raises PlanLimitReached."""
    plan = plan_here()
    limit = getattr(plan, which) if plan else None
    if limit is None:
        return
    _take_turn(which)
    used = hooks.counts[which]()
    if used + adding > limit:
        shown = (amount(which, limit), amount(which, used))
        raise PlanLimitReached(which=which, limit=limit, used=used, shown=shown, what=gettext(LIMITED[which]))


def room_for(which: str) -> int | None:
    """How many more fit, with the turn taken until the transaction ends; None where there is no limit."""
    plan = plan_here()
    limit = getattr(plan, which) if plan else None
    if limit is None:
        return None
    _take_turn(which)
    return max(0, limit - hooks.counts[which]())


def _take_turn(which: str) -> None:
    """One at a time from here to the end of the transaction: the row is the lock, and a later count sees the winner."""
    row = {"tenant_id": isolation.tenant_id(), "name": f"plan.{which}", "value": 0}
    made = insert(Counter).values(row)
    again = made.on_conflict_do_update(index_elements=[Counter.tenant_id, Counter.name], set_={"value": 0})
    db.session.execute(again)


def amount(which: str, value: int) -> str:
    """A number as people read it; bytes as megabytes."""
    locale = i18n.locale_for(i18n.language()).replace("-", "_")
    if which != "storage":
        return str(numbers.format_decimal(value, locale=locale))
    unit, size = ("GB", value / 10**9) if value >= 10**9 else ("MB", value / 10**6)
    return f"{numbers.format_decimal(size, '#,##0.#', locale=locale)} {unit}"


def uses_here() -> list[Use]:
    """What the entered shop has of everything that is counted, at this moment."""
    plan = plan_here()
    return [Use(which, hooks.counts[which](), getattr(plan, which) if plan else None) for which in COUNTED]


def stored_bytes() -> int:
    """Bytes in the files of the entered shop."""
    return storage.total_bytes()


def keep_file(size: int) -> None:
    """Before an uploaded file is kept. Raises PlanLimitReached."""
    make_room("storage", size)


# --- the operator's side -------------------------------------------------------------------------------------------


def all_plans() -> list[tuple[Plan, int]]:
    """Every plan, and how many tenants have chosen it."""
    plans = db.catalogue.scalars(select(Plan).order_by(Plan.name)).all()
    counted = select(Tenant.plan_id, func.count()).where(Tenant.plan_id.is_not(None)).group_by(Tenant.plan_id)
    having = {row.plan_id: row[1] for row in db.catalogue.execute(counted)}
    return [(plan, having.get(plan.id, 0)) for plan in plans]


def plan_by_id(plan_id: UUID) -> Plan:
    """A plan, locked. Raises NoSuchPlan."""
    found = db.catalogue.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
    if found is None:
        raise NoSuchPlan()
    return found


def save_plan(form: PlanForm, plan_id: UUID | None = None, *, by: Actor) -> Plan:
    """Make a plan, or change one from the next request on. Raises NoSuchPlan and PlanNameTaken."""
    plan = plan_by_id(plan_id) if plan_id else Plan(id=ids.new_id())
    namesake = db.catalogue.scalar(select(Plan.id).where(Plan.name == form.name))
    if namesake is not None and namesake != plan_id:
        raise PlanNameTaken(name=form.name)
    if form.is_default:
        for other in db.catalogue.scalars(select(Plan).where(Plan.is_default, Plan.id != plan.id).with_for_update()):
            other.is_default = False
        db.catalogue.flush()
    plan.name, plan.is_default = form.name, form.is_default
    for which in LIMITED:
        setattr(plan, which, getattr(form, which))
    db.catalogue.add(plan)
    audit_platform.record(by, "plan.changed" if plan_id else "plan.made", plan, name=plan.name)
    db.catalogue.flush()
    return plan


def remove_plan(plan_id: UUID, *, by: Actor) -> str:
    """Remove a plan that nobody has, and return its name. Raises NoSuchPlan and PlanInUse."""
    plan = plan_by_id(plan_id)
    if db.catalogue.scalar(select(Tenant.id).where(Tenant.plan_id == plan_id).limit(1)) is not None:
        raise PlanInUse(name=plan.name)
    db.catalogue.delete(plan)
    audit_platform.record(by, "plan.removed", plan, name=plan.name)
    db.catalogue.flush()
    return plan.name


def assign(slug: str, plan_id: UUID | None, *, by: Actor) -> None:
    """Give a tenant a plan, or the default one, and tell its own trail. Raises NoSuchTenant and NoSuchPlan."""
    tenant = queries.lock_tenant(slug)
    tenant_id = tenant.id
    name = plan_by_id(plan_id).name if plan_id else ""
    if tenant.plan_id == plan_id:
        return
    before = plan_of(tenant_id)
    tenant.plan_id = plan_id
    remember(tenant_id, by.name, "plan", name)
    audit_platform.record(by, "tenant.plan_changed", tenant, name=slug, plan=name)
    db.catalogue.flush()
    after = plan_of(tenant_id)
    told = {"before": before.name if before else "", "after": after.name if after else ""}
    db.checkpoint()
    with db.unit_of_work(tenant_id):
        audit.record(by, "shop.plan_changed", tenant_id, **told)


def remember(tenant_id: UUID, by: str, action: str, details: str = "") -> None:
    """Write down what an operator did about a tenant."""
    db.catalogue.add(TenantHistory(tenant_id=tenant_id, by=by, action=action, details=details))
    db.catalogue.flush()


def history_of(tenant_id: UUID, most: int = 100) -> list[TenantHistory]:
    """What operators did about a tenant, the latest first."""
    wanted = select(TenantHistory).where(TenantHistory.tenant_id == tenant_id)
    return list(db.catalogue.scalars(wanted.order_by(TenantHistory.at.desc(), TenantHistory.id.desc()).limit(most)))


def usage_of(tenant_id: UUID) -> TenantUsage | None:
    """What was counted last."""
    return db.catalogue.get(TenantUsage, tenant_id)
