"""Writing translated texts."""

from __future__ import annotations

from uuid import UUID

from app.core import audit, db
from app.core.access import Actor
from app.core.errors import NotFound
from app.platform.tenancy.queries import current_shop
from app.platform.translating import hooks, queries
from app.platform.translating.models import Translation
from app.platform.translating.schemas import WriteTranslations


def original(kind: str, object_id: UUID) -> hooks.Original:
    """What the shop says itself. Raises NotFound for a kind or a thing that there is not."""
    if kind not in hooks.sources:
        raise NotFound
    return hooks.sources[kind].find(object_id)


def write(kind: str, object_id: UUID, form: WriteTranslations, *, by: Actor) -> hooks.Original:
    """Keep the texts of a thing in one further language of the shop. Empty ones go.

    Raises NotFound for a language that the shop is not shown in, and for a text that the thing has not.
    """
    found = original(kind, object_id)
    if form.language not in current_shop().languages:
        raise NotFound
    clean, fields = hooks.sources[kind].clean, {one.field for one in found.texts}
    here = {row.field: row for row in queries.texts_of(kind, object_id) if row.language == form.language}
    for typed in form.texts:
        if typed.field not in fields:
            raise NotFound
        _keep(here.get(typed.field), clean(typed.field, typed.text.strip()), Translation(
            kind=kind, object_id=object_id, language=form.language, field=typed.field, text="",
        ))  # fmt: skip
    db.flush()
    audit.record(by, f"{kind}.translated", str(object_id), language=form.language)
    return found


def forget(kind: str, object_id: UUID) -> None:
    """The thing is gone, and so are its texts."""
    for row in queries.texts_of(kind, object_id):
        db.delete(row)


def _keep(row: Translation | None, text: str, new: Translation) -> None:
    if row is None and text:
        new.text = text
        db.add(new)
    elif row is not None and text:
        row.text = text
    elif row is not None:
        db.delete(row)
