"""Door: the branding editor, its live preview, publishing and history."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, url_for

from app.core import isolation
from app.core.access import current_actor, requires
from app.core.web import BackofficeDoor, accepts, done, is_fragment_request, page, redirect_to
from app.platform.branding import preview, queries, service
from app.platform.branding.schemas import DraftForm, LogoForm, NoFields
from app.ui import fonts, theme

door = BackofficeDoor("branding")

_FRAMES = (
    ("Home", "/"),
    ("Search", "/search"),
    ("Bag", "/cart"),
    ("Account", "/account"),
    ("Not found", "/nothing-here"),
)


@door.get("/branding")
@requires("branding.read")
def index() -> Response:
    """The editor: choices on the left, the shop on the right."""
    return page("branding/backoffice/index.html", **_editor())


def _draft_again() -> Response:
    """A draft that was refused: only the sentences for the live form, the whole editor for a plain one."""
    if is_fragment_request():
        return make_response(render_template("branding/backoffice/_state.html", **_state()))
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
    return done("branding/backoffice/_state.html", back_to=url_for(".index"), **_state())


@door.post("/branding/logo")
@requires("branding.edit")
@accepts(LogoForm, again=index)
def upload_logo(form: LogoForm) -> Response:
    """Put a logo on the draft and find its colours."""
    draft = service.set_logo(form.logo.read(), by=current_actor())
    found = len(draft.logo_colours)
    say = f"The logo is in the draft; {found} colours were found in it." if found else "The logo is in the draft."
    return redirect_to(url_for(".index"), say)


@door.post("/branding/logo/remove")
@requires("branding.edit")
@accepts(NoFields)
def remove_logo(_: NoFields) -> Response:
    """Take the logo off the draft."""
    service.remove_logo(by=current_actor())
    return redirect_to(url_for(".index"), "The logo is off the draft.")


@door.post("/branding/publish")
@requires("branding.publish")
@accepts(NoFields, again=index)
def publish(_: NoFields) -> Response:
    """Show the draft to everybody."""
    version = service.publish(by=current_actor())
    return redirect_to(url_for(".index"), f"Version {version.number} is published. Visitors see it from now on.")


@door.post("/branding/discard")
@requires("branding.edit")
@accepts(NoFields)
def discard(_: NoFields) -> Response:
    """Forget the draft."""
    service.discard_draft(by=current_actor())
    return redirect_to(url_for(".index"), "The draft is gone. You see what is published.")


@door.get("/branding/history")
@requires("branding.read")
def history() -> Response:
    """Every version that was ever published."""
    return page("branding/backoffice/history.html", versions=queries.history(), theme_of=_theme_of)


@door.post("/branding/history/<int:number>/restore")
@requires("branding.publish")
@accepts(NoFields, again=lambda number: history())
def restore(_: NoFields, number: int) -> Response:
    """Show an older version again."""
    service.revert(number, by=current_actor())
    return redirect_to(url_for(".history"), f"Version {number} is published again.")


def _editor() -> dict[str, Any]:
    version = queries.draft_version() or queries.published_version()
    token = preview.frame_token()
    frames = [(label, f"{path}?preview={token}") for label, path in _FRAMES]
    return _state() | {
        "logo_colours": version.logo_colours if version else [],
        "font_pairs": fonts.PAIRS,
        "words": theme.DEFAULT_WORDS,
        "frames": frames,
        "share_url": isolation.tenant_url(f"/?preview={preview.link_token()}"),
    }


def _state() -> dict[str, Any]:
    version, draft = queries.draft_version(), queries.draft()
    published = queries.published_version()
    return {"draft": draft, "has_draft": version is not None, "changes": _changes(draft), "published": published}


def _changes(draft: theme.Theme) -> int:
    """How many choices differ from what visitors see."""
    now, then = draft.tokens.to_table(), queries.published().tokens.to_table()
    return sum(now.get(key) != then.get(key) for key in {*now, *then})


def _theme_of(version: Any) -> theme.Theme:
    return queries.theme_of("", queries.tokens_of(version))
