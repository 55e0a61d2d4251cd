"""Customers as a file: a CSV of many, and everything about one for that person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.core import money
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.exporting import as_csv
from app.shop.customers import hooks, queries
from app.shop.customers.models import Customer
from app.shop.customers.schemas import CustomerFilter

CUSTOMERS_A_PIECE = 500
COLUMNS = (
    "email", "name", "phone", "has_account", "accepts_marketing", "consent_at", "orders", "spent", "currency",
    "last_order_at", "customer_since", "tags",
)  # fmt: skip
_OWN = ("email", "name", "phone", "accepts_marketing", "consent_by", "note")


def pieces(wanted: CustomerFilter) -> Iterator[str]:
    """All that a filter finds, a few hundred at a time."""
    yield as_csv([list(COLUMNS)])
    cursor = ""
    while True:
        found = queries.listing(msgspec.structs.replace(wanted, cursor=cursor), CUSTOMERS_A_PIECE)
        yield _written(found.rows)
        cursor = found.next
        if not cursor:
            return


def of_some(customer_ids: Sequence[UUID]) -> Iterator[str]:
    """These customers."""
    yield as_csv([list(COLUMNS)])
    yield _written(queries.some(customer_ids))


def everything_about(customer: Customer) -> dict[str, Any]:
    """What the shop holds of one person, as plain values."""
    own = {name: getattr(customer, name) for name in _OWN}
    return {
        "customer": own | {"customer_since": _moment(customer.created_at), "consent_at": _moment(customer.consent_at)},
        "tags": queries.tags_of([customer.id]).get(customer.id, []),
        "addresses": [address.as_dict() for address in queries.addresses_of(customer.id)],
        "orders": hooks.order_history().told(customer.id),
    }


def _written(customers: Sequence[Customer]) -> str:
    tags, currency = queries.tags_of([one.id for one in customers]), current_shop().currency
    return as_csv([_row(one, tags.get(one.id, []), currency) for one in customers])


def _row(customer: Customer, tags: Sequence[str], currency: str) -> list[str]:
    return [
        customer.email,
        customer.name,
        customer.phone,
        "yes" if customer.has_account else "no",
        "yes" if customer.accepts_marketing else "no",
        _moment(customer.consent_at),
        str(customer.order_count),
        str(money.to_decimal(customer.spent, currency)),
        currency,
        _moment(customer.last_order_at),
        _moment(customer.created_at),
        ", ".join(tags),
    ]


def _moment(at: Any) -> str:
    return at.isoformat(timespec="seconds") if at else ""
