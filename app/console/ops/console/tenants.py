"""Tenants: the list, one of them, suspending and reopening, its plan, and visits to its back office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request, url_for

from app.console.ops import queries, visiting
from app.console.ops.console.door import door
from app.console.ops.schemas import AskSupport, Assign, Find, Nothing, Suspend
from app.core import login
from app.core.access import current_actor, for_operator, fresh_proof
from app.core.i18n import gettext
from app.core.web import accepts, done, extend_csp, page, redirect_to
from app.platform.tenancy import plans, suspending


@door.get("/console")
@for_operator
@accepts(Find)
def index(form: Find) -> Response:
    """Every tenant of this installation, with how it does."""
    state = {name: value for name, value in msgspec.structs.asdict(form).items() if value and name != "cursor"}
    return page(
        "ops/console/index.html",
        wanted=form,
        found=queries.tenants(form),
        plans=[plan for plan, _ in plans.all_plans()],
        link=lambda **changed: url_for("ops_console.index", **{k: v for k, v in (state | changed).items() if v}),
        amount=plans.amount,
    )


@door.get("/console/tenants/<slug>")
@for_operator
def show(slug: str, **_: Any) -> Response:
    """One tenant: figures, plan, visits and what operators did."""
    line = queries.line_of(slug)
    extend_csp("form-action", line.url.rstrip("/"))
    return page(
        "ops/console/tenant.html",
        line=line,
        domains=queries.domains_of(line.tenant.id),
        plans=[plan for plan, _ in plans.all_plans()],
        history=plans.history_of(line.tenant.id),
        visits=visiting.of(line.tenant.id) if line.tenant.status != "opening" else [],
        own_id=current_actor().id,
        amount=plans.amount,
    )


@door.post("/console/tenants/<slug>/suspend")
@for_operator
@fresh_proof
@accepts(Suspend)
def suspend(form: Suspend, slug: str) -> Response:
    """Close a tenant's hosts from the next request on."""
    suspending.suspend(slug, form.because, by=current_actor())
    return _row(slug, gettext("%(slug)s is suspended.", slug=slug))


@door.post("/console/tenants/<slug>/resume")
@for_operator
@fresh_proof
@accepts(Nothing)
def resume(form: Nothing, slug: str) -> Response:
    """Open a suspended tenant's hosts again."""
    suspending.resume(slug, by=current_actor())
    return _row(slug, gettext("%(slug)s is open again.", slug=slug))


@door.post("/console/tenants/<slug>/plan")
@for_operator
@fresh_proof
@accepts(Assign, again=show)
def assign(form: Assign, slug: str) -> Response:
    """Give a tenant another plan, from its next request on."""
    plans.assign(slug, form.plan, by=current_actor())
    return redirect_to(url_for(".show", slug=slug), gettext("The plan is changed."))


@door.post("/console/tenants/<slug>/support")
@for_operator
@fresh_proof
@accepts(AskSupport, again=show)
def ask(form: AskSupport, slug: str) -> Response:
    """Announce a visit to a tenant's back office."""
    visiting.ask(slug, current_actor(), form.because, form.minutes, may_write=form.may_write)
    return redirect_to(url_for(".show", slug=slug), gettext("The visit is announced to the owners."))


@door.post("/console/tenants/<slug>/support/<uuid:session_id>/enter")
@for_operator
@fresh_proof
@accepts(Nothing)
def enter(form: Nothing, slug: str, session_id: UUID) -> Response:
    """Go into the back office, by a link that works once and in this browser."""
    browser = f"{request.user_agent.string}|{login.remote_address()}"
    return redirect_to(visiting.enter(slug, session_id, current_actor(), browser))


@door.post("/console/tenants/<slug>/support/<uuid:session_id>/end")
@for_operator
@accepts(Nothing)
def leave(form: Nothing, slug: str, session_id: UUID) -> Response:
    """End a visit before its time is over."""
    visiting.leave(slug, session_id, current_actor())
    return redirect_to(url_for(".show", slug=slug), gettext("The visit is over."))


def _row(slug: str, say: str) -> Response:
    line = queries.line_of(slug)
    return done(
        "ops/console/_tenant.html", line=line, say=say, back_to=url_for(".index"), amount=plans.amount,
    )  # fmt: skip
