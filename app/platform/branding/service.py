"""Everything that changes a brand: the draft, publishing it, and going back."""

from __future__ import annotations

import msgspec

from app.core import audit, clock, db, storage
from app.core.access import Actor
from app.core.events import publish as publish_fact
from app.platform.branding import look, queries
from app.platform.branding.errors import AlreadyPublished, NothingToPublish
from app.platform.branding.events import BrandPublished
from app.platform.branding.look import BrandTokens
from app.platform.branding.models import BrandVersion
from app.platform.tenancy import queries as tenancy


def save_draft(tokens: BrandTokens, *, by: Actor) -> BrandVersion:
    """Keep a look as the draft. Nobody sees it but those with a preview link. Raises InvalidInput."""
    draft = _draft()
    _dress(draft, tokens.normalised())
    audit.record(by, "branding.draft_saved", draft)
    db.flush()
    return draft


def set_logo(data: bytes, *, by: Actor) -> BrandVersion:
    """Give the draft a logo: decoded, trimmed and drawn again. Raises UnreadableLogo."""
    picture = look.trimmed(look.open_logo(data))
    key = storage.put(look.as_png(picture), suffix="png", kind="brand")
    draft = _draft()
    draft.logo_colours = look.colours_of(picture)
    return _with_logo(draft, key, by)


def remove_logo(*, by: Actor) -> BrandVersion:
    """Take the logo off the draft; the initials stand in for it."""
    draft = _draft()
    draft.logo_colours = []
    return _with_logo(draft, None, by)


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


def _with_logo(draft: BrandVersion, key: str | None, by: Actor) -> BrandVersion:
    _dress(draft, msgspec.structs.replace(queries.tokens_of(draft), logo_key=key))
    audit.record(by, "branding.logo_changed", draft, key=key or "")
    db.flush()
    return draft


def _show(version: BrandVersion, by: Actor) -> None:
    """One row flips, and the shop's row names it: every process reads that row with every request."""
    shop = tenancy.lock_shop()
    before = queries.lock_version("published")
    if before is not None:
        before.status = "superseded"
        db.flush()
    version.status, version.published_at, version.published_by = "published", clock.now(), by.name
    shop.brand_version, shop.brand_hash = version.number, version.hash
    publish_fact(BrandPublished(number=version.number, css_hash=version.hash))
    db.flush()
