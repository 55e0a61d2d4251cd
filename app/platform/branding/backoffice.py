"""Door: the branding editor, its live preview, publishing and history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, make_response, render_template, url_for

from app.core import clock, i18n
from app.core.access import current_actor, requires
from app.core.errors import InvalidInput
from app.core.i18n import gettext as _
from app.core.i18n import ngettext, said
from app.core.web import BackofficeDoor, accepts, current_form, done, is_fragment_request, page, redirect_to
from app.platform.branding import choices, editor, jobs, preview, queries, service
from app.platform.branding.schemas import DraftForm, LogoForm, NoFields, ScheduleForm, UndoForm
from app.platform.tenancy.queries import current_shop
from app.ui import fonts, palette, theme
from app.ui.colour import parse_hex

door = BackofficeDoor("branding")

BACK = {"look": "/admin/branding", "home": "/admin/home-page"}


@door.get("/branding")
@requires("branding.read")
def index() -> Response:
    """The editor: choices on the left, the shop on the right."""
    return page("branding/backoffice/index.html", **_editor())


def _draft_again() -> Response:
    """A draft that was refused: only the sentences for the live form, the whole editor for a plain one."""
    if is_fragment_request():
        return make_response(
            render_template("branding/backoffice/_state.html", **editor.state(), readable_ink=_readable_ink())
        )
    return page("branding/backoffice/index.html", **_editor())


@door.post("/branding")
@requires("branding.edit")
@accepts(DraftForm, again=_draft_again)
def save(form: DraftForm) -> Response:
    """Keep the draft and show what changed."""
    logo_key = queries.draft().tokens.logo_key
    service.save_draft(theme.BrandTokens.from_table(form.to_table(logo_key)), by=current_actor())
    if form.pick and is_fragment_request():
        return redirect_to(url_for(".index"))
    return done(
        "branding/backoffice/_state.html", back_to=url_for(".index"), **editor.state(), readable_ink=_readable_ink()
    )


@door.post("/branding/logo")
@requires("branding.edit")
@accepts(LogoForm, again=index)
def upload_logo(form: LogoForm) -> Response:
    """Put a logo on the draft and find its colours."""
    draft = service.set_logo(form.logo.read(), by=current_actor())
    found = len(draft.logo_colours)
    say = ngettext(
        "The logo is in the draft; %(num)s colour was found in it.",
        "The logo is in the draft; %(num)s colours were found in it.",
        found,
    )
    return redirect_to(url_for(".index"), say if found else _("The logo is in the draft."))


@door.post("/branding/logo/remove")
@requires("branding.edit")
@accepts(NoFields)
def remove_logo(form: NoFields) -> Response:
    """Take the logo off the draft."""
    service.remove_logo(by=current_actor())
    return redirect_to(url_for(".index"), _("The logo is off the draft."))


@door.post("/branding/publish")
@requires("branding.publish")
@accepts(NoFields, again=index)
def publish(form: NoFields) -> Response:
    """Show the draft to everybody."""
    version = service.publish(by=current_actor())
    say = _("Version %(number)s is published. Visitors see it from now on.", number=version.number)
    return redirect_to(url_for(".index"), say)


@door.post("/branding/discard")
@requires("branding.edit")
@accepts(NoFields)
def discard(form: NoFields) -> Response:
    """Forget the draft."""
    service.discard_draft(by=current_actor())
    return redirect_to(url_for(".index"), _("The draft is gone. You see what is published."))


@door.post("/branding/undo")
@requires("branding.edit")
@accepts(UndoForm, again=index)
def undo(form: UndoForm) -> Response:
    """Take the latest change back."""
    service.undo(by=current_actor())
    return redirect_to(BACK[form.back], _("The latest change is undone."))


@door.post("/branding/schedule")
@requires("branding.publish")
@accepts(ScheduleForm, again=index)
def schedule(form: ScheduleForm) -> Response:
    """Publish the draft at a time of the shop's own clock."""
    draft = service.schedule(form.moment(current_shop().timezone), by=current_actor())
    if draft.publish_at is not None:
        jobs.publish_at_its_time.enqueue_at(draft.publish_at)
    return redirect_to(url_for(".index"), _("The draft is published by itself when its time has come."))


@door.post("/branding/unschedule")
@requires("branding.publish")
@accepts(NoFields, again=index)
def unschedule(form: NoFields) -> Response:
    """Let the draft wait for somebody's click again."""
    service.unschedule(by=current_actor())
    return redirect_to(url_for(".index"), _("The draft is not published by itself any more."))


@door.get("/branding/compare")
@requires("branding.read")
def compare() -> Response:
    """What visitors see beside what they would see."""
    version = queries.draft_version()
    return page(
        "branding/backoffice/compare.html",
        differences=editor.differences(version) if version else [],
        **(editor.state() | editor.frame()),
    )


@door.get("/branding/history")
@requires("branding.read")
def history() -> Response:
    """Every version that was ever published."""
    return page("branding/backoffice/history.html", versions=queries.history(), theme_of=_theme_of)


@door.post("/branding/history/<int:number>/restore")
@requires("branding.publish")
@accepts(NoFields, again=lambda number: history())
def restore(form: NoFields, number: int) -> Response:
    """Show an older version again."""
    service.revert(number, by=current_actor())
    return redirect_to(url_for(".history"), _("Version %(number)s is published again.", number=number))


def _editor() -> dict[str, Any]:
    version = queries.draft_version() or queries.published_version()
    return editor.state() | editor.frame() | {
        "logo_colours": version.logo_colours if version else [],
        "font_pairs": fonts.PAIRS,
        "words": said(theme.DEFAULT_WORDS),
        "further_words": _further_words(),
        "layout_choices": choices.LAYOUT,
        "share_url": editor.share_url(),
        "share_ends": clock.now() + timedelta(seconds=preview.LINK_LASTS),
        "readable_ink": _readable_ink(),
    }  # fmt: skip


def _further_words() -> list[tuple[str, str, dict[str, str]]]:
    """(language, its name, its usual words) of the further languages that the shop offers."""
    found = []
    for language in current_shop().languages:
        with i18n.speaking(language):
            found.append((language, i18n.LANGUAGES[language], said(theme.DEFAULT_WORDS)))
    return found


def _readable_ink() -> str:
    """The nearest colour that can be read, where the typed one cannot."""
    typed = current_form()
    ink, background = typed.value("hero_ink"), typed.value("hero_colour")
    if not (typed.error("hero_ink") and ink and background):
        return ""
    try:
        return palette.nearest_readable(parse_hex(ink), parse_hex(background), theme.LEAST_CONTRAST)
    except InvalidInput:
        return ""


def _theme_of(version: Any) -> theme.Theme:
    return queries.theme_of("", queries.tokens_of(version))
