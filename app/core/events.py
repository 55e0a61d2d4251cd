"""Facts: what has happened, written to the tenant's event log in the business transaction.

The log is also the outbox: a relay (core/relay.py) turns new rows into jobs, at least once. Requests for background
work travel the same way, so that a job exists exactly when its transaction was committed.
"""

from __future__ import annotations

import dataclasses
import typing
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import msgspec
from sqlalchemy import CheckConstraint, Index, event, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import clock
from app.core.db import TenantModel, db, session

CHANNEL = "livery_events"


class Event(TenantModel):
    """One fact, or one request for a job, in the order of its id."""

    __tablename__ = "event"
    is_audited = False
    __table_args__ = (
        CheckConstraint("kind in ('fact', 'job')", name="kind"),
        Index("ix_event_waiting", "id", postgresql_where=text("relayed_at is null")),
        Index("ix_event_name", "tenant_id", "name", "id"),
    )

    kind: Mapped[str] = mapped_column(default="fact")
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    occurred_at: Mapped[datetime] = mapped_column(default=clock.now)
    relayed_at: Mapped[datetime | None]


class Fact:
    """Base of all facts. Sub-classes are frozen dataclasses and name themselves: `class X(Fact, name="a.b")`.

    `tells` is what it means to other programs, in words marked for translation; without it, webhooks never carry it.
    `waits=False`: its reactions run in a suspended shop too.
    """

    fact_name: ClassVar[str]
    fact_version: ClassVar[int]
    tells: ClassVar[str]
    waits: ClassVar[bool]
    registry: ClassVar[dict[str, type[Fact]]] = {}

    def __init_subclass__(
        cls, *, name: str, version: int = 1, tells: str = "", waits: bool = True, **options: Any
    ) -> None:
        super().__init_subclass__(**options)
        cls.fact_name, cls.fact_version, cls.tells, cls.waits = name, version, tells, waits
        Fact.registry[name] = cls


Reaction = Callable[[Any], None]
FactType = typing.TypeVar("FactType", bound=type[Fact])
_reactions: dict[str, dict[str, Reaction]] = {}


def publish(fact: Fact) -> None:
    """Write a fact to this tenant's log; reactions run after the commit, in jobs, at least once."""
    append("fact", fact.fact_name, fact.fact_version, payload_of(fact))


def payload_of(fact: Fact) -> dict[str, Any]:
    """A fact in its stored form, of which `rebuild` is the way back."""
    values = {one.name: getattr(fact, one.name) for one in dataclasses.fields(fact)}  # type: ignore[arg-type]  # sub-classes are dataclasses
    payload: dict[str, Any] = msgspec.to_builtins(values)
    return payload


def append(kind: str, name: str, version: int, payload: dict[str, Any]) -> Event:
    """Put a row into the log of the entered tenant and wake the relay at the commit."""
    row = Event(kind=kind, name=name, version=version, payload=payload)
    session.add(row)
    session().info["wake_relay"] = True
    return row


def reacts_to(fact: type[Fact]) -> Callable[[Reaction], Reaction]:
    """Run the function for every such fact, in a job and a transaction of its own. It must be idempotent."""

    def register(reaction: Reaction) -> Reaction:
        _reactions.setdefault(fact.fact_name, {})[f"{reaction.__module__}.{reaction.__qualname__}"] = reaction
        return reaction

    return register


def reactions_to(name: str) -> list[str]:
    """Names of the reactions to a fact."""
    return sorted(_reactions.get(name, ()))


def react(reaction: str, name: str, payload: dict[str, Any]) -> None:
    """Run one reaction with the fact rebuilt from the log."""
    run = _reactions.get(name, {}).get(reaction)
    if run is not None:
        run(rebuild(name, payload))


def rebuild(name: str, payload: dict[str, Any]) -> Fact:
    """A fact out of its stored form; keys that this release does not know are left out."""
    fact = Fact.registry[name]
    known = {one.name for one in dataclasses.fields(fact)}  # type: ignore[arg-type]  # sub-classes are dataclasses
    return msgspec.convert({key: value for key, value in payload.items() if key in known}, fact, strict=False)


def as_uuid(value: str | uuid.UUID) -> uuid.UUID:
    """An id out of a stored payload."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


@event.listens_for(Session, "before_commit")
def _wake_relay(current: Session) -> None:
    if current.info.pop("wake_relay", False):
        current.flush()
        current.connection(bind_arguments={"bind": db.engines[None]}).exec_driver_sql(
            f"select pg_notify('{CHANNEL}', '')"
        )


@event.listens_for(Session, "after_rollback")
def _let_relay_sleep(current: Session) -> None:
    current.info.pop("wake_relay", None)
