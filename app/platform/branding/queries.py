"""Everything that reads brands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from app.core import frames, isolation, storage
from app.core.db import session
from app.core.errors import NotFound
from app.platform.branding.look import BrandTokens, Theme
from app.platform.branding.models import BrandVersion
from app.platform.tenancy import queries as tenancy


def published() -> Theme:
    """What visitors see. A shop that has published nothing yet has the default look."""
    return frames.kept("look", _published)


def _published() -> Theme:
    shop = tenancy.shop_or_none()
    if shop is None:
        return Theme("")
    tokens = _published_tokens(isolation.tenant_id(), shop.brand_version) if shop.brand_version else BrandTokens()
    return theme_of(shop.name, tokens)


def draft() -> Theme:
    """What visitors would see after a click on publish."""
    found = draft_version()
    shop = tenancy.current_shop()
    return theme_of(shop.name, tokens_of(found), is_draft=True) if found else published()


def theme_of(name: str, tokens: BrandTokens, *, is_draft: bool = False) -> Theme:
    """A look, with the address of its logo."""
    logo_url = storage.url(tokens.logo_key) if tokens.logo_key else ""
    return Theme(name=name, tokens=tokens, logo_url=logo_url, is_draft=is_draft)


def tokens_of(version: BrandVersion) -> BrandTokens:
    """A version's tokens, typed."""
    return BrandTokens.from_table(dict(version.tokens))


def draft_version() -> BrandVersion | None:
    """The draft's row, or None while everything is published."""
    return session.scalar(select(BrandVersion).where(BrandVersion.status == "draft"))


def published_version() -> BrandVersion | None:
    """The published row, or None for a new shop."""
    return session.scalar(select(BrandVersion).where(BrandVersion.status == "published"))


def lock_version(status: str) -> BrandVersion | None:
    """The draft or the published row, locked."""
    query = select(BrandVersion).where(BrandVersion.status == status).with_for_update()
    return session.scalar(query)


def lock_number(number: int) -> BrandVersion:
    """One version by its number, locked. Raises NotFound."""
    query = select(BrandVersion).where(BrandVersion.number == number).with_for_update()
    found = session.scalar(query)
    if found is None or found.status == "draft":
        raise NotFound()
    return found


def history(limit: int = 30) -> Sequence[BrandVersion]:
    """Published and older versions, newest first."""
    query = select(BrandVersion).where(BrandVersion.status != "draft").order_by(BrandVersion.number.desc()).limit(limit)
    return session.scalars(query).all()


def css_named(name: str) -> str:
    """The text of a style sheet by the hash it is served under. Raises NotFound."""
    css = session.scalar(select(BrandVersion.css).where(BrandVersion.hash == name).limit(1))
    if css is None:
        raise NotFound()
    return css


@lru_cache(maxsize=2000)
def _published_tokens(tenant: UUID, number: int) -> BrandTokens:
    """A published version never changes, so a process may keep it; the number comes from the shop's row each time."""
    query = select(BrandVersion.tokens).where(BrandVersion.tenant_id == tenant, BrandVersion.number == number)
    return BrandTokens.from_table(dict(session.scalars(query).one()))
