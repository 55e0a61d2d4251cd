"""Everything that reads pages, menus and the home page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.core import db, frames, keyset, reader
from app.core.errors import NotFound
from app.platform.translating.queries import spoken_one, translations_for
from app.shop.pages.models import HomeSection, Menu, Subscriber, TextPage
from app.shop.pages.programs import PageFilter
from app.shop.pages.schemas import MENUS, AnySection, Link
from app.shop.pages.sections import Band


def page_by_handle(handle: str) -> TextPage:
    """A page that shoppers may read. Raises NotFound for drafts too."""
    wanted = select(TextPage).where(TextPage.handle == handle, TextPage.status == "active")
    found: TextPage = spoken_one("page", _found(db.session.execute(wanted).scalar_one_or_none()))
    return found


def lock_page(page_id: UUID) -> TextPage:
    """The row of a page, locked until the transaction ends. Raises NotFound."""
    wanted = select(TextPage).where(TextPage.id == page_id).with_for_update()
    return _found(db.session.execute(wanted).scalar_one_or_none())


def page_by_id(page_id: UUID) -> TextPage:
    """A page in any status, for staff. Raises NotFound."""
    return _found(db.session.execute(select(TextPage).where(TextPage.id == page_id)).scalar_one_or_none())


def page_as_kept(page_id: UUID) -> TextPage:
    """The same as it is now in the database. Raises NotFound."""
    db.flush()
    wanted = select(TextPage).where(TextPage.id == page_id).execution_options(populate_existing=True)
    return _found(db.session.execute(wanted).scalar_one_or_none())


def pages_page(asked: PageFilter) -> keyset.Slice[TextPage]:
    """Text pages for programs, sorted as they ask."""
    wanted = keyset.within(select(TextPage), asked, TextPage.created_at, TextPage.updated_at)
    if asked.status:
        wanted = wanted.where(TextPage.status == asked.status)
    if asked.handle:
        wanted = wanted.where(TextPage.handle == asked.handle)
    order = keyset.Order(getattr(TextPage, asked.sort.lstrip("-")), TextPage.id, asked.sort[0] == "-")
    return keyset.fetch(db.session, wanted, order, keyset.known(asked.cursor), asked.limit)


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
    return frames.kept(("menus", reader.further_language()), _menus)


def _menus() -> SimpleNamespace:
    rows = db.session.execute(select(Menu.id, Menu.handle, Menu.entries)).all()
    words = translations_for("menu", [row.id for row in rows], reader.further_language())
    written = {row.handle: _said(row.entries, words.get(row.id, {})) for row in rows}
    return SimpleNamespace(**{handle.replace("-", "_"): _links(written.get(handle, [])) for handle in MENUS})


def menu_by_id(menu_id: UUID) -> Menu:
    """The row of a menu. Raises NotFound."""
    row = db.session.execute(select(Menu).where(Menu.id == menu_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def find_menu(handle: str) -> Menu | None:
    """The row of a menu by its handle; None when it is not written yet."""
    return db.session.execute(select(Menu).where(Menu.handle == handle)).scalar_one_or_none()


def lock_menu(handle: str) -> Menu | None:
    """The row of a menu, locked; None when it is not written yet."""
    return db.session.execute(select(Menu).where(Menu.handle == handle).with_for_update()).scalar_one_or_none()


def home_sections() -> list[AnySection]:
    """The bands of the home page from top to bottom. One that an older release wrote differently is left out."""
    rows = (
        db.session.execute(
            select(HomeSection).where(HomeSection.is_visible).order_by(HomeSection.position, HomeSection.id)
        )
        .scalars()
        .all()
    )
    words = translations_for("section", [row.id for row in rows], reader.further_language())
    return [section for row in rows if (section := _section(row, words.get(row.id, {}))) is not None]


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


def _section(row: HomeSection, words: dict[str, str] | None = None) -> AnySection | None:
    try:
        section: AnySection = msgspec.convert({"kind": row.kind, **_worded(row.content, words or {})}, AnySection)
        return section
    except msgspec.ValidationError:
        return None


def _worded(content: Any, words: dict[str, str], path: str = "") -> Any:
    """A section's content with its translated texts; `items.0.text` names the text of its first item."""
    if isinstance(content, dict):
        return {name: _worded(value, words, f"{path}.{name}" if path else name) for name, value in content.items()}
    if isinstance(content, list):
        return [_worded(value, words, f"{path}.{place}") for place, value in enumerate(content)]
    return words.get(path, content) if words else content


def _said(entries: list[dict[str, Any]], words: dict[str, str]) -> list[dict[str, Any]]:
    """A menu's links; a label that was changed since has lost its translation."""
    return [{**entry, "label": words.get(f"label:{entry['label']}") or entry["label"]} for entry in entries]


def _links(entries: list[dict[str, Any]]) -> list[Link]:
    return [Link(entry["label"], entry["href"]) for entry in entries]


def _found(row: TextPage | None) -> TextPage:
    if row is None:
        raise NotFound
    return row
