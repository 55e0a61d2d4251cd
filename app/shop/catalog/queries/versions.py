"""Products that this process has read already, known again by the versions of their rows.

To write a product with its variants and pictures as JSON is most of what PostgreSQL does for a list. `xmin` names the
transaction that last wrote a row: a list asks for these numbers alone, and for whole only what has others than before.
A change of any row, also of its stock, is another number; so is a variant or a picture more or less.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal_column, select

from app.core import frames, isolation
from app.shop.catalog.models import Image, Product, Variant

_MOST = 1000

Key = tuple[Any, ...]


class Known:
    """Whole rows by id and version; what was asked for longest ago leaves first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Key, Any] = OrderedDict()
        self._lock = threading.Lock()

    def whole(self, found: Sequence[Any], load: Callable[[list[UUID]], Sequence[Any]]) -> list[Any]:
        """A row for each version found, in their order; `load` reads those that are not known.

        One that is gone by the time it is read is left out.
        """
        keys = {version.id: self._key(version) for version in found}
        here: dict[UUID, Any] = {}
        with self._lock:
            for product_id, key in keys.items():
                if key in self._rows:
                    self._rows.move_to_end(key)
                    here[product_id] = self._rows[key]
        missing = [product_id for product_id in keys if product_id not in here]
        if missing:
            here |= {row.id: row for row in load(missing)}
            with self._lock:
                self._rows |= {keys[one]: here[one] for one in missing if one in here}
                while len(self._rows) > _MOST:
                    self._rows.popitem(last=False)
        return [here[version.id] for version in found if version.id in here]

    def _key(self, version: Any) -> Key:
        """The epoch ends when this process may have missed something: a restored server counts from an older number."""
        return frames.known.epoch, isolation.tenant_id(), *version


known = Known()


def versions() -> Select[*tuple[Any, ...]]:
    """Products with the versions of all rows that belong to them."""
    own = cast(literal_column("product.xmin"), Text).label("of_product")
    return select(Product.id, own, _of(Variant).label("of_variants"), _of(Image).label("of_images"))


def _of(model: type[Variant] | type[Image]) -> ColumnElement[Any]:
    version = literal_column(f"{model.__tablename__}.xmin")
    return (
        select(cast(func.array_agg(version), Text))
        .select_from(model)
        .where(model.tenant_id == Product.tenant_id, model.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
