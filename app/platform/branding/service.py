"""Everything that changes a brand: the draft, publishing it, and going back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core import audit, clock, db, storage
from app.core.access import Actor
from app.core.events import publish as publish_fact
from app.platform.branding import hooks, look, queries
from app.platform.branding.errors import AlreadyPublished, NothingToPublish, NothingToUndo, NotInTheFuture
from app.platform.branding.events import BrandPublished
from app.platform.branding.look import BrandTokens
from app.platform.branding.models import BrandVersion
from app.platform.tenancy import plans
from app.platform.tenancy import queries as tenancy

STEPS_BACK = 30
LONGEST_WAIT = timedelta(days=366)


def save_draft(tokens: BrandTokens, *, by: Actor) -> BrandVersion:
    """Keep a look as the draft. Nobody sees it but those with a preview link. Raises InvalidInput."""
    normal = tokens.normalised()
    with _changed_draft() as draft:
        _dress(draft, normal)
    audit.record(by, "branding.draft_saved", draft)
    db.flush()
    return draft


def set_logo(data: bytes, *, by: Actor) -> BrandVersion:
    """Give the draft a logo: decoded, trimmed and drawn again. Raises UnreadableLogo."""
    picture = look.trimmed(look.open_logo(data))
    plans.make_room("storage", len(data))
    key = storage.put(look.as_png(picture), suffix="png", kind="brand")
    return _with_logo(key, look.colours_of(picture), by)


def remove_logo(*, by: Actor) -> BrandVersion:
    """Take the logo off the draft; the initials stand in for it."""
    return _with_logo(None, [], by)


def save_home(home: hooks.Home, *, by: Actor) -> BrandVersion:
    """Keep a home page in the draft, as the room that owns it describes it."""
    with _changed_draft() as draft:
        draft.home = home
    audit.record(by, "branding.home_saved", draft)
    return draft


def undo(*, by: Actor) -> BrandVersion:
    """Take the latest change of the draft back. Raises NothingToUndo."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is None or not draft.undo:
        raise NothingToUndo()
    *earlier, before = draft.undo
    _dress(draft, BrandTokens.from_table(dict(before["tokens"])))
    draft.home, draft.logo_colours, draft.undo = before["home"], before["logo_colours"], earlier
    audit.record(by, "branding.undone", draft)
    db.flush()
    return draft


def schedule(moment: datetime, *, by: Actor) -> BrandVersion:
    """Let the draft be published at a time (aware, to the minute). Raises NothingToPublish, NotInTheFuture."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is None:
        raise NothingToPublish()
    if not clock.now() < moment < clock.now() + LONGEST_WAIT:
        raise NotInTheFuture()
    draft.publish_at, draft.publish_by = moment, by.name
    audit.record(by, "branding.scheduled", draft, at=moment.isoformat())
    db.flush()
    return draft


def unschedule(*, by: Actor) -> None:
    """Keep the draft a draft. Without a schedule, nothing happens."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is not None and draft.publish_at is not None:
        draft.publish_at, draft.publish_by = None, ""
        audit.record(by, "branding.unscheduled", draft)
        db.flush()


def publish_if_due(*, by: Actor) -> BrandVersion | None:
    """Publish the draft when its time has come; None when there is no such draft any more."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is None or draft.publish_at is None or draft.publish_at > clock.now():
        return None
    asked_by = draft.publish_by
    version = publish(by=by)
    version.published_by = asked_by or by.name
    return version


def publish(*, by: Actor) -> BrandVersion:
    """Show the draft to everybody, from the next request on. Raises NothingToPublish."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is None:
        raise NothingToPublish()
    _show(draft, by)
    audit.record(by, "branding.published", draft, number=draft.number)
    return draft


def revert(number: int, *, by: Actor) -> BrandVersion:
    """Show an older version again; the draft stays as it is. Raises NotFound, AlreadyPublished."""
    tenancy.lock_shop()
    version = queries.lock_number(number)
    if version.is_published:
        raise AlreadyPublished(number=number)
    _show(version, by)
    audit.record(by, "branding.reverted", version, number=number)
    return version


def discard_draft(*, by: Actor) -> None:
    """Forget the draft. Without one, nothing happens."""
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is not None:
        audit.record(by, "branding.draft_discarded", draft, number=draft.number)
        db.delete(draft)
        db.flush()


def publish_tokens(tokens: BrandTokens, *, by: Actor) -> BrandVersion:
    """Save and publish in one go: for packs and the wizard. The same look twice makes one version."""
    current = queries.published_version()
    if current is not None and queries.tokens_of(current) == tokens.normalised():
        return current
    save_draft(tokens, by=by)
    return publish(by=by)


def _draft() -> BrandVersion:
    """The draft, locked; a new one starts as a copy of what is published.

    The shop's row is locked first, here as everywhere in this room: an editor sends its changes faster than they are
    answered, and two of them must not both begin the draft.
    """
    tenancy.lock_shop()
    draft = queries.lock_version("draft")
    if draft is None:
        published = queries.published_version()
        draft = BrandVersion(number=db.next_number("brand", start=1), status="draft")
        draft.logo_colours = list(published.logo_colours) if published else []
        _dress(draft, queries.tokens_of(published) if published else BrandTokens())
        db.add(draft)
        db.flush()
    return draft


def _dress(draft: BrandVersion, tokens: BrandTokens) -> None:
    draft.tokens = tokens.to_table()
    draft.css = look.css_for(tokens)
    draft.hash = look.css_hash(draft.css)


@contextmanager
def _changed_draft() -> Iterator[BrandVersion]:
    """The draft, locked; what it was before the change is kept when the change is one."""
    draft = _draft()
    before = _state(draft)
    yield draft
    if _state(draft) != before:
        draft.undo = [*draft.undo, before][-STEPS_BACK:]
    db.flush()


def _state(draft: BrandVersion) -> dict[str, Any]:
    return {"tokens": dict(draft.tokens), "home": dict(draft.home), "logo_colours": list(draft.logo_colours)}


def _with_logo(key: str | None, colours: list[str], by: Actor) -> BrandVersion:
    with _changed_draft() as draft:
        draft.logo_colours = colours
        _dress(draft, msgspec.structs.replace(queries.tokens_of(draft), logo_key=key))
    audit.record(by, "branding.logo_changed", draft, key=key or "")
    db.flush()
    return draft


def _show(version: BrandVersion, by: Actor) -> None:
    """One row flips, and the shop's row names it: every process reads that row with every request."""
    shop = tenancy.lock_shop()
    before = queries.lock_version("published")
    home = hooks.describe_home()
    if before is not None:
        before.status, before.home = "superseded", home
        db.flush()
    if version.home and version.home != home:
        hooks.show_home(version.home, by)
    version.undo, version.publish_at = [], None
    version.status, version.published_at, version.published_by = "published", clock.now(), by.name
    shop.brand_version, shop.brand_hash = version.number, version.hash
    publish_fact(BrandPublished(number=version.number, css_hash=version.hash))
    db.flush()
