"""Door: the operator comes in here, and the tenant sees and ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, request, session, url_for

from app.core import access, clock, login
from app.core.access import current_actor, public, requires
from app.core.errors import Forbidden, NotFound
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.staff import hooks as staff_hooks
from app.platform.support import queries, service
from app.platform.support.errors import SupportOnlyReads
from app.platform.support.schemas import Nothing, Rule
from app.platform.tenancy import queries as tenancy

door = BackofficeDoor("support")
_MARK = "support"
_ALWAYS = frozenset({"support_backoffice.leave", "staff_backoffice.sign_out"})


@door.get("/support")
@requires("support.read")
def index() -> Response:
    """Every visit, and the rule about them."""
    asks_first = bool(tenancy.current_shop().settings.get(queries.RULE))
    return page("support/backoffice/index.html", sessions=queries.sessions(), asks_first=asks_first)


@door.get("/support/<uuid:session_id>")
@requires("support.read")
def show(session_id: UUID) -> Response:
    """One visit with every request of it."""
    visit = queries.find_or_404(session_id)
    found = queries.requests_of(session_id, request.args.get("cursor", ""))
    return page("support/backoffice/show.html", visit=visit, found=found)


@door.post("/support/rule")
@requires("support.write")
@accepts(Rule, again=index)
def set_rule(form: Rule) -> Response:
    """Whether an owner allows each visit first."""
    service.set_rule(form.ask_first, by=current_actor())
    return redirect_to(url_for(".index"), gettext("Saved."))


@door.post("/support/<uuid:session_id>/allow")
@requires("support.write")
@accepts(Nothing)
def allow(form: Nothing, session_id: UUID) -> Response:
    """Let a visit begin."""
    service.allow(session_id, by=current_actor())
    return redirect_to(url_for(".index"), gettext("The visit may begin."))


@door.post("/support/<uuid:session_id>/end")
@requires("support.write")
@accepts(Nothing)
def end(form: Nothing, session_id: UUID) -> Response:
    """End a visit at once, or refuse one that waits."""
    service.end(session_id, by=current_actor())
    return redirect_to(url_for(".index"), gettext("The visit is over."))


@door.get("/support/enter/<token>")
@public
def enter(token: str) -> Response:
    """Come in by the link that the console made for this browser."""
    visit = service.use_link(token, browser_print())
    login.sign_in("staff", visit.id)
    assert visit.ends_at is not None  # a link is made for a running visit only
    until = visit.ends_at - clock.now()
    session.lasts(until, device=request.user_agent.string[:300], address=login.remote_address())  # type: ignore[attr-defined]  # RowSession
    session[_MARK] = str(visit.id)
    service.note_answer(service.note_request(visit.id, "GET", "/admin/support/enter"), 303)
    return redirect_to("/admin")


@door.post("/support/leave")
@public
@accepts(Nothing)
def leave(form: Nothing) -> Response:
    """The operator goes before the time is over."""
    visit = visit_here()
    if visit is None:
        raise NotFound
    service.end(visit, by=current_actor())
    login.sign_out("staff")
    return redirect_to("/admin/sign-in")


def browser_print() -> str:
    """What a link is bound to: the browser as it names itself, and its address."""
    return f"{request.user_agent.string}|{login.remote_address()}"


def visit_here() -> UUID | None:
    """The visit that this browser is on, running or not."""
    if not request.cookies or login.surface_kind() != "staff":
        return None
    marked = session.get(_MARK)
    return UUID(marked) if marked else None


def _watch() -> None:
    """Before anything else: note the request, and let one that may only look do nothing else."""
    if g.get("place") != "tenant" or not request.path.startswith("/admin"):
        return
    visit = visit_here()
    if visit is None or queries.find(visit) is None:
        return
    g.support_request = service.note_request(visit, request.method, request.path)
    actor = current_actor()
    if actor.kind != "operator" or request.endpoint in _ALWAYS:
        return
    found = queries.find_or_404(visit)
    g.standing_reason = found.reason
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not found.may_write:
        raise SupportOnlyReads
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "__fresh__", False):
        raise Forbidden


def _noted(response: Response) -> Response:
    noted = g.pop("support_request", None)
    if noted is not None:
        service.note_answer(noted, response.status_code)
    return response


def visit_shown() -> dict[str, Any] | None:
    """What every page of the back office says about a visit that runs or waits."""
    shop = tenancy.shop_or_none()
    told = shop.settings.get(queries.HERE) if shop else None
    if not told:
        return None
    until = datetime.fromisoformat(told["until"]) if told["until"] else None
    if until is not None and until <= clock.now():
        return None
    return told | {"until": until, "is_me": access.current_actor().kind == "operator"}


def register(app: Flask) -> None:
    """Let sessions of staff know visitors, and watch them."""
    staff_hooks.visitors[:] = [queries.actor_of]
    app.before_request(_watch)
    app.after_request(_noted)
