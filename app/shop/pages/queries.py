"""Everything that reads pages, menus and the home page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.core import db, frames
from app.core.errors import NotFound
from app.shop.pages.models import HomeSection, Menu, Subscriber, TextPage
from app.shop.pages.schemas import MENUS, AnySection, Link
from app.shop.pages.sections import Band


def page_by_handle(handle: str) -> TextPage:
    """A page that shoppers may read. Raises NotFound for drafts too."""
    wanted = select(TextPage).where(TextPage.handle == handle, TextPage.status == "active")
    return _found(db.session.execute(wanted).scalar_one_or_none())


def lock_page(page_id: UUID) -> TextPage:
    """The row of a page, locked until the transaction ends. Raises NotFound."""
    wanted = select(TextPage).where(TextPage.id == page_id).with_for_update()
    return _found(db.session.execute(wanted).scalar_one_or_none())


def page_by_id(page_id: UUID) -> TextPage:
    """A page in any status, for staff. Raises NotFound."""
    return _found(db.session.execute(select(TextPage).where(TextPage.id == page_id)).scalar_one_or_none())


def find_page(handle: str) -> TextPage | None:
    """A page in any status by its address; None when there is none."""
    return db.session.execute(select(TextPage).where(TextPage.handle == handle)).scalar_one_or_none()


def pages(*, only_active: bool = False) -> list[TextPage]:
    """All text pages by title."""
    wanted = select(TextPage).order_by(TextPage.title, TextPage.id)
    if only_active:
        wanted = wanted.where(TextPage.status == "active")
    return list(db.session.execute(wanted).scalars())


def menu(handle: str) -> list[Link]:
    """The links of one menu; empty when nobody has written it."""
    found = db.session.execute(select(Menu.entries).where(Menu.handle == handle)).scalar_one_or_none()
    return _links(found or [])


def menus() -> SimpleNamespace:
    """All menus by the name that templates use (`footer_shop`); one that is missing is empty. One statement."""
    return frames.kept("menus", _menus)


def _menus() -> SimpleNamespace:
    written: dict[str, list[dict[str, Any]]] = dict(db.session.execute(select(Menu.handle, Menu.entries)).all())
    return SimpleNamespace(**{handle.replace("-", "_"): _links(written.get(handle, [])) for handle in MENUS})


def lock_menu(handle: str) -> Menu | None:
    """The row of a menu, locked; None when it is not written yet."""
    return db.session.execute(select(Menu).where(Menu.handle == handle).with_for_update()).scalar_one_or_none()


def home_sections() -> list[AnySection]:
    """The bands of the home page from top to bottom. One that an older release wrote differently is left out."""
    rows = db.session.execute(
        select(HomeSection).where(HomeSection.is_visible).order_by(HomeSection.position, HomeSection.id)
    ).scalars()
    return [section for row in rows if (section := _section(row)) is not None]


def home_bands() -> list[Band]:
    """The published bands, hidden ones too, with the key that each keeps."""
    rows = db.session.execute(select(HomeSection).order_by(HomeSection.position, HomeSection.id)).scalars()
    return [Band(row.id, section, row.is_visible) for row in rows if (section := _section(row)) is not None]


def lock_subscriber(email: str) -> Subscriber | None:
    """The row of a normalised address, locked; None for a new one."""
    return db.session.execute(
        select(Subscriber).where(Subscriber.email == email).with_for_update()
    ).scalar_one_or_none()


def subscribers(after: UUID | None = None, most: int = 50) -> list[Subscriber]:
    """Those who confirmed, the latest first; `after` is the id of the last one of the page before."""
    wanted = select(Subscriber).where(Subscriber.status == "confirmed").order_by(Subscriber.id.desc()).limit(most)
    if after is not None:
        wanted = wanted.where(Subscriber.id < after)
    return list(db.session.execute(wanted).scalars())


def _section(row: HomeSection) -> AnySection | None:
    try:
        section: AnySection = msgspec.convert({"kind": row.kind, **row.content}, AnySection)
        return section
    except msgspec.ValidationError:
        return None


def _links(entries: list[dict[str, Any]]) -> list[Link]:
    return [Link(entry["label"], entry["href"]) for entry in entries]


def _found(row: TextPage | None) -> TextPage:
    if row is None:
        raise NotFound
    return row
