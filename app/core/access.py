"""Who is acting, and may they. A route without @requires or @public does not answer."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import g, has_request_context

from app.core.errors import Forbidden, NotSignedIn, ProofIsOld

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
CUSTOMER = "customer"
OPERATOR = "operator"


@dataclass(frozen=True)
class Actor:
    """Somebody who does something: kind is anonymous, customer, staff, client, operator or system."""

    kind: str
    id: uuid.UUID | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    person: uuid.UUID | None = None
    """Of a program: the member of staff whose power it borrows."""
    through: str = ""
    """Of a program: by which key or consent it acts, as core/bearers.py finds it again."""

    def may(self, permission: str) -> bool:
        """Does this actor hold the permission?"""
        return permission in self.permissions


ANONYMOUS = Actor("anonymous")
BY_HAND = Actor("operator", name="./livery")
"""Whoever may start commands, as audit trails name them."""
ActorLoader = Callable[[uuid.UUID], "Actor | None"]
_loaders: dict[str, ActorLoader] = {}
_permissions: dict[str, str] = {}
_stands_in: ContextVar[Actor | None] = ContextVar("stands in", default=None)
_is_fresh: dict[str, Callable[[], bool]] = {}
_identify: list[Callable[[], Actor]] = [lambda: ANONYMOUS]


def system_actor(name: str = "system") -> Actor:
    """Livery itself: jobs, imports, seeds."""
    return Actor("system", name=name, permissions=frozenset(_permissions))


def actor_loader(kind: str, load: ActorLoader) -> None:
    """Register how a signed-in subject of a kind becomes an actor. Asked once a request; None signs out."""
    _loaders[kind] = load


def declare(permissions: dict[str, str]) -> None:
    """Add a room's permissions (name -> sentence) to the one catalogue."""
    _permissions.update(permissions)


def catalogue_of_permissions() -> dict[str, str]:
    """Every permission with its sentence, sorted by name."""
    return dict(sorted(_permissions.items()))


def current_actor() -> Actor:
    """Whoever sent this request, or for whom a job acts; the system outside of both."""
    stands_in = _stands_in.get()
    if stands_in is not None:
        return stands_in
    if not has_request_context():
        return system_actor()
    if "actor" not in g:
        g.actor = _identify[0]()
    return g.actor


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Act as somebody for a while: a job that does what a program asked for earlier."""
    token = _stands_in.set(actor)
    try:
        yield
    finally:
        _stands_in.reset(token)


def become(actor: Actor) -> None:
    """Act as somebody for the rest of this request (after a sign-in or sign-out)."""
    g.actor = actor


def may(permission: str) -> bool:
    """Does the current actor hold the permission? For templates and services."""
    return current_actor().may(permission)


def public(view: View) -> View:
    """Anyone may call this."""
    view.__access__ = PUBLIC  # type: ignore[attr-defined]  # an attribute on a function
    return view


def same_origin(view: View) -> View:
    """A form that stands on kept pages posts here: no token, the browser proves that it comes from this origin.

    For changes that are worth nothing to another site, such as what is in a bag.
    """
    view.__same_origin__ = True  # type: ignore[attr-defined]  # read by core/lifecycle.py
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Only actors with the permission may call this."""
    return _gate(permission, lambda actor: actor.may(permission))


def fresh_proof(view: View) -> View:
    """A dangerous door: whoever signed in long ago shows once more who they are. Stands below @requires."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        refuse_old_proof()
        return view(*args, **kwargs)

    guarded.__fresh__ = True  # type: ignore[attr-defined]  # read by tests
    return guarded  # type: ignore[return-value]


def refuse_old_proof() -> None:
    """The same, asked inside a view. Raises ProofIsOld."""
    ask = _is_fresh.get(current_actor().kind)
    if ask is not None and not ask():
        raise ProofIsOld()


def proofs_are_fresh_by(kind: str, ask: Callable[[], bool]) -> None:
    """Register who knows whether an actor of a kind has proven a moment ago who they are. Programs always do."""
    _is_fresh[kind] = ask


def for_customers(view: View) -> View:
    """Only a signed-in shopper may call this."""
    return _gate(CUSTOMER, lambda actor: actor.kind == "customer")(view)


def for_operator(view: View) -> View:
    """Only the operator, signed in on the platform's host, may call this."""
    return _gate(OPERATOR, lambda actor: actor.kind == "operator")(view)


def _gate(access: str, allows: Callable[[Actor], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if actor.kind == "anonymous":
                raise NotSignedIn()
            if not allows(actor):
                raise Forbidden()
            return view(*args, **kwargs)

        guarded.__access__ = access  # type: ignore[attr-defined]  # read by the gate in web.py and by tests
        return guarded  # type: ignore[return-value]

    return decorate


def identify_by(find: Callable[[], Actor]) -> None:
    """Register how a request's actor is found; core/login.py does."""
    _identify[:] = [find]


def actor_of(kind: str, subject: uuid.UUID) -> Actor:
    """The actor behind a signed-in subject; nobody when its loader does not know it any more."""
    load = _loaders.get(kind)
    return (load(subject) if load else None) or ANONYMOUS
