"""Which operator sits at this browser: asked once a request, so that a new rule or a reset acts on the next one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, g, request, session, url_for

from app import settings
from app.console.ops import factors, queries, service
from app.core import access, clock, lifecycle, login
from app.core.access import Actor
from app.core.errors import NotSignedIn
from app.core.second_steps import Place
from app.core.sessions import LIFETIME
from app.core.text import is_local_path
from app.core.web import redirect_to
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Operator

_MEANS, _PROVEN = "means", "proven_at"
WAITS = timedelta(minutes=10)
"""How long a second step may take after the first."""
FRESH = timedelta(minutes=10)
"""How long a proof is good for suspending, plans and visits."""


def begin(operator: Operator, *proven: str) -> bool:
    """Sign an operator in to this browser, under a fresh session, by what they have proven.

    False when that is not enough: then nobody acts here until the second step is done or a factor is made.
    """
    enough = factors.is_enough(operator, proven)
    login.sign_in("operator", operator.id)
    lasts = LIFETIME["operator"] if enough else WAITS
    session.lasts(lasts, device=request.user_agent.string[:300], address=login.remote_address())  # type: ignore[attr-defined]  # RowSession
    session[_MEANS], session[_PROVEN] = list(proven), int(clock.now().timestamp())
    g.operator_waits = None if enough else operator
    access.become(queries.actor_of(operator) if enough else access.ANONYMOUS)
    if enough:
        service.note_sign_in(operator, proven)
    return enough


def begin_alone(operator: Operator, *proven: str) -> None:
    """The same, and end all their other sessions: a factor has changed."""
    begin(operator, *proven)
    login.sign_out_everywhere("operator", operator.id)


def admit(operator: Operator, *proven: str, wanted: str = "") -> Response:
    """Let an operator in and send them on; or to the second step; or to where a first factor is offered."""
    enough, wanted = begin(operator, *proven), wanted if is_local_path(wanted) else ""
    if operator.has_factor:
        return redirect_to(safe_next(wanted) if enough else url_for("ops_console.second_step", next=wanted or None))
    return redirect_to(url_for("ops_console.set_up", next=wanted or None))


def load(operator_id: UUID) -> Actor | None:
    """The operator as an actor; None when the account is gone or a second step is missing."""
    operator = tenancy.operator_by_id(operator_id)
    if operator is None:
        return None
    if not factors.is_enough(operator, means()):
        g.operator_waits = operator
        return None
    session.touch()  # type: ignore[attr-defined]  # RowSession
    return queries.actor_of(operator)


def means() -> tuple[str, ...]:
    """What was proven in this session."""
    return tuple(session.get(_MEANS, ("password",)))


def waiting() -> Operator | None:
    """Who has done the first step here and has to do a second one, or to make a factor first."""
    access.current_actor()
    found: Operator | None = g.get("operator_waits")
    return found


def current_operator() -> Operator:
    """The row of whoever is signed in; only for views that operators alone may call. Raises NotSignedIn."""
    actor = access.current_actor()
    operator = tenancy.operator_by_id(actor.id) if actor.kind == "operator" and actor.id else None
    if operator is None:
        raise NotSignedIn
    return operator


def is_proof_fresh() -> bool:
    """Did the operator prove who they are a moment ago? A visitor in a shop's back office is kept out otherwise."""
    if login.surface_kind() != "operator":
        return True
    return bool(clock.now().timestamp() - session.get(_PROVEN, 0) <= FRESH.total_seconds())


def proven_again() -> None:
    """Whoever is signed in has just shown once more who they are."""
    session[_PROVEN] = int(clock.now().timestamp())


def place() -> Place:
    """Where passkeys of operators belong: the platform's own host."""
    host = request.host.partition(":")[0].lower()
    return Place(host, settings.current().public_origin(host))


def this_one() -> UUID | None:
    """The session of this request."""
    found: UUID | None = session.id  # type: ignore[attr-defined]  # RowSession
    return found


def safe_next(wanted: str | None) -> str:
    """Where to go after coming in: a page of this host, never a stranger's."""
    return wanted if wanted and is_local_path(wanted) else url_for("ops_console.index")


def register(app: Any) -> None:
    """Let the core ask this room who an operator is, where they sign in, and where they prove it again."""
    access.actor_loader("operator", load)
    access.proofs_are_fresh_by("operator", is_proof_fresh)
    lifecycle.sign_in_pages["operator"] = "ops_console.sign_in_page"
    lifecycle.proof_pages["operator"] = "ops_console.prove"
