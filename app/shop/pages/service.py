"""Everything that changes pages, menus and the home page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete

from app.core import audit, db, ids
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.text import slugify
from app.shop.pages import queries
from app.shop.pages.errors import PageHandleTaken
from app.shop.pages.models import HomeSection, Menu, TextPage
from app.shop.pages.schemas import MENUS, AnySection, MenuLink, NewPage, Section
from app.shop.pages.sections import Band


def create_page(form: NewPage, *, by: Actor) -> TextPage:
    """Write a new page. Raises PageHandleTaken."""
    handle = _free(form)
    page: TextPage = db.add(TextPage(handle=handle, title=form.title))
    _fill(page, form)
    db.flush()
    audit.record(by, "page.created", page, title=page.title)
    return page


def write_first(
    pages: Sequence[NewPage], menus: dict[str, list[MenuLink]], sections: Sequence[AnySection], *, by: Actor
) -> None:
    """Pages, menus and home page of a shop that has none: nothing is looked up, and all of it goes in one flush."""
    for form in pages:
        page: TextPage = db.add(TextPage(handle=slugify(form.handle or form.title), title=form.title))
        _fill(page, form)
        audit.record(by, "page.created", page, title=page.title)
    for handle, entries in menus.items():
        menu: Menu = db.add(Menu(handle=handle, title=MENUS[handle], entries=_linked(entries)))
        audit.record(by, "menu.written", menu, links=len(menu.entries))
    _add_bands([Band(ids.new_id(), section) for section in sections])
    audit.record(by, "home.written", "home", sections=len(sections))
    db.flush()


def update_page(page_id: UUID, form: NewPage, *, by: Actor) -> TextPage:
    """Make a page what the form says. Raises NotFound or PageHandleTaken."""
    page = queries.lock_page(page_id)
    if form.handle and slugify(form.handle) != page.handle:
        page.handle = _free(form)
    _fill(page, form)
    audit.record(by, "page.updated", page, title=page.title)
    return page


def write_page(form: NewPage, *, by: Actor) -> TextPage:
    """Create the page, or change the one that stands at its address: for packs and defaults."""
    found = queries.find_page(slugify(form.handle or form.title))
    return update_page(found.id, form, by=by) if found else create_page(form, by=by)


def delete_page(page_id: UUID, *, by: Actor) -> None:
    """Remove a page. Menus that lead to it keep their link until somebody changes them. Raises NotFound."""
    page = queries.lock_page(page_id)
    audit.record(by, "page.deleted", page, title=page.title)
    db.delete(page)


def write_menu(handle: str, entries: Sequence[MenuLink], *, by: Actor) -> Menu:
    """Give a menu exactly these links; rows without label or address are dropped. Raises NotFound for another name."""
    if handle not in MENUS:
        raise NotFound
    menu: Menu = queries.lock_menu(handle) or db.add(Menu(handle=handle, title=MENUS[handle]))
    menu.entries = _linked(entries)
    db.flush()
    audit.record(by, "menu.written", menu, links=len(menu.entries))
    return menu


def write_home(sections: Sequence[AnySection | dict[str, Any]], *, by: Actor) -> None:
    """Let the home page consist of exactly these sections.

    A section may be a dict with its `kind`; raises msgspec.ValidationError for one that fits no kind.
    """
    read = [one if isinstance(one, Section) else msgspec.convert(one, AnySection) for one in sections]
    write_bands([Band(ids.new_id(), section) for section in read], by=by)


def write_bands(bands: Sequence[Band], *, by: Actor) -> None:
    """Let the published home page consist of exactly these bands; each row keeps its band's key."""
    db.session.execute(delete(HomeSection))
    _add_bands(bands)
    db.flush()
    audit.record(by, "home.written", "home", sections=len(bands))


def _add_bands(bands: Sequence[Band]) -> None:
    for place, band in enumerate(bands):
        content = msgspec.to_builtins(band.section)
        row = HomeSection(id=band.key, kind=content.pop("kind"), position=place, content=content)
        row.is_visible = band.is_visible
        db.add(row)


def _linked(entries: Sequence[MenuLink]) -> list[dict[str, str]]:
    return [
        {"label": link.label.strip(), "href": link.href.strip()}
        for link in entries
        if link.label.strip() and link.href.strip()
    ]


def _free(form: NewPage) -> str:
    handle = slugify(form.handle or form.title) or "page"
    if queries.find_page(handle) is not None:
        raise PageHandleTaken(handle=handle)
    return handle


def _fill(page: TextPage, form: NewPage) -> None:
    page.title, page.body, page.status = form.title.strip(), form.body.strip(), form.status
    page.seo_title, page.seo_description = form.seo_title.strip(), form.seo_description.strip()
