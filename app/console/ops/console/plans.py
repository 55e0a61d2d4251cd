"""Plans: what tenants on them may have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for

from app.console.ops.console.door import door
from app.console.ops.schemas import Nothing, SavePlan
from app.core.access import current_actor, for_operator, fresh_proof
from app.core.i18n import gettext
from app.core.web import accepts, page, redirect_to
from app.platform.tenancy import plans
from app.platform.tenancy.plans import PlanForm

_MEGABYTE = 1_000_000


@door.get("/console/plans")
@for_operator
def list_plans(**_: Any) -> Response:
    """Every plan, and a form for a new one."""
    return page("ops/console/plans.html", plans=plans.all_plans(), amount=plans.amount, plan=None)


@door.post("/console/plans")
@for_operator
@fresh_proof
@accepts(SavePlan, again=list_plans)
def make_plan(form: SavePlan) -> Response:
    """Make a plan."""
    plan = plans.save_plan(_form(form), by=current_actor())
    return redirect_to(url_for(".list_plans"), gettext("The plan %(name)s is made.", name=plan.name))


@door.get("/console/plans/<uuid:plan_id>")
@for_operator
def show_plan(plan_id: UUID, **_: Any) -> Response:
    """One plan, to change it."""
    return page("ops/console/plan.html", plan=plans.plan_by_id(plan_id), megabyte=_MEGABYTE)


@door.post("/console/plans/<uuid:plan_id>")
@for_operator
@fresh_proof
@accepts(SavePlan, again=show_plan)
def save_plan(form: SavePlan, plan_id: UUID) -> Response:
    """Change a plan, for every tenant on it from the next request on."""
    plan = plans.save_plan(_form(form), plan_id, by=current_actor())
    return redirect_to(url_for(".list_plans"), gettext("The plan %(name)s is saved.", name=plan.name))


@door.post("/console/plans/<uuid:plan_id>/remove")
@for_operator
@fresh_proof
@accepts(Nothing, again=show_plan)
def remove_plan(form: Nothing, plan_id: UUID) -> Response:
    """Remove a plan that no tenant has."""
    name = plans.remove_plan(plan_id, by=current_actor())
    return redirect_to(url_for(".list_plans"), gettext("The plan %(name)s is removed.", name=name))


def _form(form: SavePlan) -> PlanForm:
    storage = form.storage_mb * _MEGABYTE if form.storage_mb is not None else None
    return PlanForm(
        form.name.strip(), form.products, form.staff, form.orders_month, storage, form.api_rate, form.is_default
    )
