"""Noting what is bought together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.core import db, isolation
from app.shop.catalog import queries
from app.shop.catalog.models import ProductTogether

_MOST_IN_ORDER = 12
"""Of a very long order the first products are noted; the pairs grow with the square."""


def count_together(product_ids: Iterable[UUID]) -> None:
    """Note that products stood in one order. For jobs: the buyer does not wait for these rows."""
    present = queries.present_products(dict.fromkeys(product_ids))[:_MOST_IN_ORDER]
    tenant = isolation.tenant_id()
    # Sorted, so that two orders of the same products do not wait for each other in a circle.
    pairs = [
        {"tenant_id": tenant, "product_id": one, "other_id": other, "times": 1}
        for one, other in sorted(permutations(present, 2))
    ]
    if not pairs:
        return
    statement = insert(ProductTogether).values(pairs)
    keys = [ProductTogether.tenant_id, ProductTogether.product_id, ProductTogether.other_id]
    db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"times": ProductTogether.times + 1}))
