"""Staff's page of one thing's texts: what the shop says on the left, what it says in another language on the right."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from app.core import i18n
from app.core.access import current_actor, requires
from app.core.i18n import gettext
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.platform.tenancy.queries import current_shop
from app.platform.translating import queries, service
from app.platform.translating.schemas import WantedLanguage, WriteTranslations

door = BackofficeDoor("translating")


@door.get("/translations/<kind>/<uuid:object_id>")
@requires("translations.edit")
@accepts(WantedLanguage)
def edit(form: WantedLanguage, kind: str, object_id: UUID) -> Response:
    """The texts of one thing in one language, beside the shop's own."""
    return _page(kind, object_id, form.language)


def _again(kind: str, object_id: UUID) -> Response:
    return _page(kind, object_id, "")


@door.post("/translations/<kind>/<uuid:object_id>")
@requires("translations.edit")
@accepts(WriteTranslations, again=_again)
def save(form: WriteTranslations, kind: str, object_id: UUID) -> Response:
    """Keep the texts of one language."""
    found = service.write(kind, object_id, form, by=current_actor())
    back = url_for(".edit", kind=kind, object_id=object_id, language=form.language)
    say = gettext(
        "“%(title)s” is saved in this language: %(name)s.", title=found.title, name=i18n.LANGUAGES[form.language]
    )
    return redirect_to(back, say)


def _page(kind: str, object_id: UUID, language: str) -> Response:
    found, shop = service.original(kind, object_id), current_shop()
    chosen = language if language in shop.languages else next(iter(shop.languages), "")
    words = queries.translations_for(kind, [object_id], chosen)
    return page(
        "translating/backoffice/edit.html",
        found=found,
        kind=kind,
        object_id=object_id,
        own=i18n.LANGUAGES[shop.language],
        chosen=chosen,
        choices={one: i18n.LANGUAGES[one] for one in shop.languages},
        words=words.get(object_id, {}),
    )
