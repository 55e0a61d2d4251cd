"""Texts in further languages for programs."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext
from app.core.ids import from_public
from app.core.rest import ApiDoor, accepts, matches, returns
from app.platform.tenancy.queries import current_shop
from app.platform.translating import queries, service
from app.platform.translating.programs import TextOut, TranslationsOut, TranslationsWritten
from app.platform.translating.schemas import TypedText, WriteTranslations

door = ApiDoor("translating")
PREFIXES = {"product": "prod", "collection": "col", "page": "page", "menu": "menu", "section": "band"}


def _identity(kind: str, thing_id: str, language: str) -> UUID:
    if kind not in PREFIXES or language not in current_shop().languages:
        raise NotFound
    return from_public(PREFIXES[kind], thing_id)


def _shown(kind: str, thing_id: str, language: str) -> TranslationsOut:
    identity = _identity(kind, thing_id, language)
    found = service.original(kind, identity)
    words = queries.translations_for(kind, [identity], language).get(identity, {})
    texts = [TextOut(one.field, one.text, words.get(one.field, "")) for one in found.texts]
    return TranslationsOut(kind, found.title, language, texts)


def _locked(kind: str, thing_id: str, language: str) -> TranslationsOut:
    queries.texts_of(kind, _identity(kind, thing_id, language))
    return _shown(kind, thing_id, language)


@door.get("/translations/<kind>/<thing_id>/<language>")
@requires("translations.edit")
@returns(TranslationsOut, errors=(NotFound,))
def show_translations(kind: str, thing_id: str, language: str) -> TranslationsOut:
    """Show the texts of a product, collection, page, menu or section of the home page in a further language."""
    return _shown(kind, thing_id, language)


@door.put("/translations/<kind>/<thing_id>/<language>")
@requires("translations.edit")
@returns(TranslationsOut, errors=(NotFound,))
@matches(_locked)
@accepts(TranslationsWritten)
def write_translations(body: TranslationsWritten, kind: str, thing_id: str, language: str) -> TranslationsOut:
    """Write texts of one thing in a further language."""
    known = {one.field for one in _shown(kind, thing_id, language).texts}
    if unknown := sorted(set(body.texts) - known):
        raise InvalidInput({f"texts.{unknown[0]}": gettext("There is no such text here.")})
    typed = [TypedText(field, text) for field, text in body.texts.items()]
    service.write(kind, _identity(kind, thing_id, language), WriteTranslations(language, typed), by=current_actor())
    return _shown(kind, thing_id, language)
