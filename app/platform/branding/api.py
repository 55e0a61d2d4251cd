"""The shop's look for programs: its draft, publishing it, and going back."""

from __future__ import annotations

import msgspec

from app.core import storage
from app.core.access import current_actor, requires
from app.core.errors import InvalidInput, NotFound, PlanLimitReached
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.rest import ApiDoor, accepts, matches, returns
from app.core.rest_files import uploads
from app.platform.branding import jobs, queries, service
from app.platform.branding.errors import AlreadyPublished, NothingToPublish, NothingToUndo, NotInTheFuture
from app.platform.branding.look import BrandTokens
from app.platform.branding.models import BrandVersion
from app.platform.branding.programs import LogoUpload, LookOut, LooksOut, TimeWritten
from app.platform.tenancy import queries as tenancy
from app.ui.logo import UnreadableLogo

door = ApiDoor("branding")


def _out(version: BrandVersion | None) -> LookOut:
    if version is None:
        return LookOut(0, "published", msgspec.structs.asdict(BrandTokens()), None, None, None, "")
    tokens = queries.tokens_of(version)
    logo = tenant_url(storage.url(tokens.logo_key)) if tokens.logo_key else None
    return LookOut(
        version.number, version.status, msgspec.structs.asdict(tokens), logo, version.publish_at,
        version.published_at, version.published_by,
    )  # fmt: skip


def _draft() -> LookOut:
    return _out(queries.draft_version() or queries.published_version())


def _locked_draft() -> LookOut:
    tenancy.lock_shop()
    return _draft()


@door.get("/branding")
@requires("branding.read")
@returns(LookOut)
def show_look() -> LookOut:
    """Show the look that visitors see."""
    return _out(queries.published_version())


@door.get("/branding/draft")
@requires("branding.read")
@returns(LookOut)
def show_draft() -> LookOut:
    """Show the draft; where there is none, the published look, from which a draft would begin."""
    return _draft()


@door.put("/branding/draft")
@requires("branding.edit")
@returns(LookOut)
@matches(_locked_draft)
@accepts(BrandTokens)
def write_draft(body: BrandTokens) -> LookOut:
    """Make the draft what the body says: what is left out is the usual choice. The logo is uploaded on its own."""
    here = queries.draft().tokens.logo_key
    if body.logo_key not in (None, here):
        raise InvalidInput({"logo_key": gettext("Upload a new picture on its own.")})
    return _out(service.save_draft(msgspec.structs.replace(body, logo_key=here), by=current_actor()))


@door.delete("/branding/draft")
@requires("branding.edit")
@returns(LookOut)
def discard_draft() -> LookOut:
    """Forget the draft, and answer what visitors see."""
    service.discard_draft(by=current_actor())
    return _draft()


@door.post("/branding/draft/undo")
@requires("branding.edit")
@returns(LookOut, errors=(NothingToUndo,))
def undo_change() -> LookOut:
    """Take the latest change of the draft back, also one of the home page."""
    return _out(service.undo(by=current_actor()))


@door.post("/branding/draft/logo")
@requires("branding.edit")
@returns(LookOut, errors=(UnreadableLogo, PlanLimitReached))
@uploads(LogoUpload)
def set_logo(body: LogoUpload) -> LookOut:
    """Put a logo on the draft."""
    return _out(service.set_logo(body.file.read(), by=current_actor()))


@door.delete("/branding/draft/logo")
@requires("branding.edit")
@returns(LookOut)
def remove_logo() -> LookOut:
    """Take the logo off the draft; the shop's initials stand in for it."""
    return _out(service.remove_logo(by=current_actor()))


@door.post("/branding/draft/publish")
@requires("branding.publish")
@returns(LookOut, errors=(NothingToPublish,))
def publish_draft() -> LookOut:
    """Show the draft to everybody, with the home page's draft."""
    return _out(service.publish(by=current_actor()))


@door.put("/branding/draft/schedule")
@requires("branding.publish")
@returns(LookOut, errors=(NothingToPublish, NotInTheFuture))
@matches(_locked_draft)
@accepts(TimeWritten)
def schedule_draft(body: TimeWritten) -> LookOut:
    """Let the draft be published by itself at a time."""
    draft = service.schedule(body.at, by=current_actor())
    if draft.publish_at is not None:
        jobs.publish_at_its_time.enqueue_at(draft.publish_at)
    return _out(draft)


@door.delete("/branding/draft/schedule")
@requires("branding.publish")
@returns(LookOut)
def unschedule_draft() -> LookOut:
    """Let the draft wait until somebody publishes it."""
    service.unschedule(by=current_actor())
    return _draft()


@door.get("/branding/versions")
@requires("branding.read")
@returns(LooksOut)
def list_versions() -> LooksOut:
    """List the looks that were published before, newest first."""
    return LooksOut([_out(version) for version in queries.history()])


@door.post("/branding/versions/<int:number>/restore")
@requires("branding.publish")
@returns(LookOut, errors=(NotFound, AlreadyPublished))
def restore_version(number: int) -> LookOut:
    """Show an older look again; the draft stays as it is."""
    return _out(service.revert(number, by=current_actor()))
