"""How the API changes: what is announced, what is deprecated, and when it ends.

A route that will go says so with `@returns(..., changing=Change(...))`: its answers carry Deprecation (RFC 9745),
Sunset (RFC 8594) and a Link to what is written about it, its description is marked, and the changelog names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask import Response
from werkzeug.http import http_date

CHANGELOG = "/api/changelog"


@dataclass(frozen=True)
class Change:
    """One change that integrators must know of. Dates are days at 00:00 UTC; `ends` is at least a year later."""

    deprecated: date
    ends: date | None = None
    successor: str = ""
    """The path that takes its place."""
    why: str = ""

    @property
    def anchor(self) -> str:
        """Where the changelog tells of it."""
        return f"{CHANGELOG}#{self.deprecated.isoformat()}"


@dataclass(frozen=True)
class Entry:
    """What the changelog says of one day; kinds: added, changed, deprecated, removed, fixed."""

    day: date
    kind: str
    sentence: str


ENTRIES: tuple[Entry, ...] = (
    Entry(date(2026, 11, 24), "added", "A rate of delivery has `settings`, for providers with settings of their own."),
    Entry(
        date(2026, 11, 24),
        "added",
        "Lists of orders, customers, payments and more by `updated_since`, and sorted by it.",
    ),
    Entry(date(2026, 11, 24), "added", "`expand` follows variants, stock, lines and payments to what they belong to."),
    Entry(date(2026, 11, 24), "added", "`updated_before`; collections, text pages and logs sorted by moments."),
    Entry(
        date(2026, 11, 24),
        "added",
        "A variant names its product (`product_id`), a payment when it changed (`updated_at`).",
    ),
    Entry(
        date(2026, 11, 24), "changed", "A name that stands twice in a JSON object is refused; so is an empty parameter."
    ),
    Entry(
        date(2026, 11, 24),
        "changed",
        "Ids in a body that are not the shop's are refused in place, also in lists to be put in order.",
    ),
    Entry(date(2026, 11, 24), "changed", "A cursor belongs to the direction of its list as well; others are refused."),
    Entry(
        date(2026, 11, 24), "changed", "`created_after` of letters and the audit trail is `created_from`, as elsewhere."
    ),
    Entry(date(2026, 11, 23), "added", "Bulk writes with a result for each row; large ones run in the background."),
    Entry(date(2026, 11, 23), "added", "`fields` leaves out what you do not need, `expand` adds relations."),
    Entry(date(2026, 11, 23), "added", "Limits for each program and shop; `RateLimit` tells what is left."),
    Entry(date(2026, 11, 23), "added", "Pages of sites that a shop named may call its API from a browser (CORS)."),
    Entry(date(2026, 11, 23), "added", "Every room of the back office has its routes."),
    Entry(date(2026, 10, 1), "added", "Version 1: products and orders, keys, apps with OAuth, webhooks."),
)
"""Newest first. Sentences are part of the reference, in English like the whole of it."""


def tell(response: Response, change: Change) -> Response:
    """Let an answer say that its route will go."""
    start = datetime.combine(change.deprecated, time(), UTC)
    response.headers["Deprecation"] = f"@{int(start.timestamp())}"
    links = [f'<{change.anchor}>; rel="deprecation"; type="text/html"']
    if change.ends is not None:
        response.headers["Sunset"] = http_date(datetime.combine(change.ends, time(), UTC))
        links.append(f'<{change.anchor}>; rel="sunset"; type="text/html"')
    if change.successor:
        links.append(f'<{change.successor}>; rel="successor-version"')
    response.headers.add("Link", ", ".join(links))
    return response
