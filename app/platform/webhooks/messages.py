"""What other programs are told: which facts, under which names, in which shape, and how it is signed.

The format is Standard Webhooks 1.0: headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; a JSON body with
`type`, `timestamp` and `data`. Ids carry the same prefixes as in the API.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from standardwebhooks import Webhook

from app.core import ids
from app.core.events import Fact, as_uuid
from app.platform.webhooks.schemas import Told

TEST = "webhooks.test"


def told_facts() -> dict[str, type[Fact]]:
    """Every fact that webhooks carry, by name."""
    return {name: fact for name, fact in sorted(Fact.registry.items()) if fact.tells}


def aggregate_fields() -> dict[str, str]:
    """Fact -> the field that says what it is about: its order is kept. "" where it is about the whole shop."""
    return {name: _aggregate_of(fact) for name, fact in told_facts().items()}


def body_of(name: str, version: int, occurred_at: datetime, payload: dict[str, Any]) -> bytes:
    """The bytes that are signed and sent; the same at every attempt."""
    return msgspec.json.encode(Told(name, version, occurred_at, public(payload)))


def readable(body: bytes) -> str:
    """The same for people: indented."""
    return msgspec.json.format(body, indent=2).decode()


def public(payload: dict[str, Any]) -> dict[str, Any]:
    """A stored fact with its ids as the API writes them."""
    return {
        key: ids.to_public(ids.PREFIXES[key], as_uuid(value)) if value and key in ids.PREFIXES else value
        for key, value in payload.items()
    }


def signed_headers(secrets: Iterable[str], event_id: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; one signature for each secret, so that receivers can change theirs in between."""
    message = ids.to_public("evt", event_id)
    text = body.decode()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message, at, text) for secret in secrets),
    }


def schema_of(fact: type[Fact]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what is sent about one fact."""
    hints = typing.get_type_hints(fact)
    fields = dataclasses.fields(fact)  # type: ignore[arg-type]  # facts are dataclasses
    data = {one.name: _schema(one.name, hints[one.name]) for one in fields}
    required = [one.name for one in fields if one.default is dataclasses.MISSING]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{fact.fact_name}, version {fact.fact_version}",
        "description": " ".join((fact.__doc__ or "").split()),
        "type": "object",
        "required": ["type", "version", "timestamp", "data"],
        "properties": {
            "type": {"const": fact.fact_name},
            "version": {"const": fact.fact_version},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "required": required, "properties": data},
        },
    }


def _schema(name: str, kind: Any) -> dict[str, Any]:
    if name in ids.PREFIXES:
        return {"type": "string", "pattern": f"^{ids.PREFIXES[name]}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"}
    shape, parts = msgspec.json.schema_components([kind])
    return dict(shape[0]) | ({"$defs": parts} if parts else {})


def _aggregate_of(fact: type[Fact]) -> str:
    names = [one.name for one in dataclasses.fields(fact)]  # type: ignore[arg-type]  # facts are dataclasses
    # What happens to a payment or a refund of an order is told in the order's own order.
    return "order_id" if "order_id" in names else next((name for name in names if name in ids.PREFIXES), "")
