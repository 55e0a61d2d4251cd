"""Reading translated texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core import db, reader
from app.platform.translating.models import Translation


class InLanguage:
    """A row of which some texts are said in another language. What has no translation shows through."""

    def __init__(self, row: Any, words: dict[str, str]) -> None:
        self._row, self._words = row, words

    def __getattr__(self, name: str) -> Any:
        return self._words.get(name) or getattr(self._row, name)


def translations_for(kind: str, ids: Iterable[UUID], language: str) -> dict[UUID, dict[str, str]]:
    """Texts by field, by thing, in one language. One statement; none where nothing is asked for."""
    wanted = list(ids)
    if not wanted or not language:
        return {}
    found: dict[UUID, dict[str, str]] = {}
    rows = db.session.execute(
        select(Translation.object_id, Translation.field, Translation.text).where(
            Translation.kind == kind, Translation.object_id.in_(wanted), Translation.language == language
        )
    )
    for object_id, name, text in rows:
        found.setdefault(object_id, {})[name] = text
    return found


def texts_of(kind: str, object_id: UUID) -> list[Translation]:
    """Every translated text of one thing, in all languages, locked for who changes them."""
    wanted = select(Translation).where(Translation.kind == kind, Translation.object_id == object_id)
    return list(db.session.execute(wanted.with_for_update()).scalars())


def spoken(kind: str, rows: Sequence[Any], *, key: str = "id") -> list[Any]:
    """Rows or views as this page's reader shall see them; as they are where the page is in the shop's own language."""
    language = reader.further_language()
    if not language:
        return list(rows)
    words = translations_for(kind, [getattr(row, key) for row in rows], language)
    return [_said(row, words.get(getattr(row, key), {})) for row in rows]


def spoken_one(kind: str, row: Any, *, key: str = "id") -> Any:
    """The same for one; None stays None."""
    return spoken(kind, [row], key=key)[0] if row is not None else None


def _said(row: Any, words: dict[str, str]) -> Any:
    if not words:
        return row
    if is_dataclass(row) and not isinstance(row, type):
        return replace(row, **{one.name: words[one.name] for one in fields(row) if one.name in words})
    return InLanguage(row, words)
