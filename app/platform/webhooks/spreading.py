"""From the event log to deliveries: one row for each fact and endpoint, made in the transaction that relays the fact.

A replay makes the same rows of a time window, a backfill of all that ever happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import text

from app.core import clock, db, isolation
from app.platform.webhooks.messages import aggregate_fields, told_facts
from app.platform.webhooks.models import WebhookEndpoint

CHANNEL = "livery_webhooks"
_COLUMNS = (
    "insert into public.webhook_delivery (tenant_id, id, endpoint_id, event_id, name, version, payload, occurred_at,"
    " aggregate, occasion, state, attempts, next_at, created_at)"
    " select e.tenant_id, gen_random_uuid(), w.id, e.id, e.name, e.version, e.payload, e.occurred_at,"
    " coalesce(e.payload ->> f.field, ''), {occasion}, 'waiting', 0, now(), {now}"
    " from public.event e join unnest({names}, {fields}) as f(name, field) on f.name = e.name"
    " join public.webhook_endpoint w on w.tenant_id = e.tenant_id and w.facts ? e.name"
)
_SPREAD = (
    _COLUMNS.format(occasion="'news'", now="now()", names="%(names)s::text[]", fields="%(fields)s::text[]")  # noqa: S608 - our own words
    + " where (e.tenant_id, e.id) in (select * from unnest(%(tenants)s::uuid[], %(events)s::uuid[])) order by e.id"
)
_REPLAY = text(
    _COLUMNS.format(occasion=":occasion", now=":now", names="cast(:names as text[])", fields="cast(:fields as text[])")
    + " where e.tenant_id = :tenant and w.tenant_id = :tenant and w.id = :endpoint and e.kind = 'fact'"
    " and e.occurred_at >= :since and e.occurred_at < :until order by e.id"
)
_WAKE = f"select pg_notify('{CHANNEL}', '')"


def spread(connection: psycopg.Connection[Any], facts: Sequence[Any]) -> None:
    """Make the deliveries of a batch of facts, of any tenants. Called by the relay."""
    known = told_facts()
    wanted = [fact for fact in facts if fact.name in known]
    if not wanted:
        return
    fields = aggregate_fields()
    values = {
        "names": list(fields), "fields": list(fields.values()),
        "tenants": [fact.tenant_id for fact in wanted], "events": [fact.id for fact in wanted],
    }  # fmt: skip
    if connection.execute(_SPREAD, values).rowcount:
        connection.execute(_WAKE)


def replay(endpoint: WebhookEndpoint, since: datetime, until: datetime, occasion: str) -> int:
    """Make deliveries of what happened in a time window; returns how many."""
    fields = aggregate_fields()
    made = db.session.execute(
        _REPLAY,
        {
            "names": list(fields), "fields": list(fields.values()), "tenant": isolation.tenant_id(),
            "endpoint": endpoint.id, "since": since, "until": until, "occasion": occasion, "now": clock.now(),
        },
    )  # fmt: skip
    wake()
    return int(made.rowcount)  # type: ignore[attr-defined]  # of an INSERT


def wake() -> None:
    """Tell the senders, when this transaction is committed."""
    db.session.execute(text(_WAKE))
