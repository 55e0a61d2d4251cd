"""Facts about imports."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class ImportConfirmed(Fact, name="catalog.import_confirmed", version=1):
    """A person has seen the preview of a product file and wants it brought in."""

    import_id: UUID


@dataclass(frozen=True)
class ImportFinished(Fact, name="catalog.import_finished", version=1, tells=mark("A product import finished")):
    """Every line of a product file has its outcome."""

    import_id: UUID
    failed: int
