"""Text pages, menus and readers of the news, for programs."""

from __future__ import annotations

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.ids import from_public, named, to_public
from app.core.isolation import tenant_url
from app.core.rest import Page, accepts, cursor_of, matches, page_of, read_cursor, returns
from app.shop.pages import queries, service
from app.shop.pages.api.entrance import door
from app.shop.pages.errors import PageHandleTaken
from app.shop.pages.models import TextPage
from app.shop.pages.programs import (
    LinkOut,
    MenuOut,
    MenusOut,
    MenuWritten,
    PageFilter,
    PageOut,
    SubscriberFilter,
    SubscriberOut,
)
from app.shop.pages.schemas import MENUS, MenuLink, NewPage

PAGE, SUBSCRIBER, MENU = "page", "sub", "menu"
_SAME = ("handle", "title", "body", "status", "seo_title", "seo_description", "created_at", "updated_at")


def _out(page: TextPage) -> PageOut:
    plain = {name: getattr(page, name) for name in _SAME}
    return PageOut(id=to_public(PAGE, page.id), url=tenant_url(f"/pages/{page.handle}"), **plain)


def _shown(page_id: str) -> PageOut:
    return _out(queries.page_as_kept(from_public(PAGE, page_id)))


def _locked(page_id: str) -> PageOut:
    queries.lock_page(from_public(PAGE, page_id))
    return _shown(page_id)


def _menu(handle: str) -> MenuOut:
    if handle not in MENUS:
        raise NotFound
    row = queries.find_menu(handle)
    links = [LinkOut(one["label"], one["href"]) for one in row.entries] if row else []
    return MenuOut(to_public(MENU, row.id) if row else None, handle, links)


def _locked_menu(handle: str) -> MenuOut:
    queries.lock_menu(handle)
    return _menu(handle)


@door.get("/pages")
@requires("pages.read")
@returns(Page[PageOut])
@accepts(PageFilter)
def list_pages(query: PageFilter) -> Page[PageOut]:
    """List text pages by handle or as `sort` says."""
    found = queries.pages_page(query)
    return page_of([_out(one) for one in found.rows], found.next or None)


@door.post("/pages")
@requires("pages.edit")
@returns(PageOut, errors=(PageHandleTaken,), status=201)
@accepts(NewPage)
def create_page(body: NewPage) -> PageOut:
    """Write a new text page."""
    return _out(service.create_page(body, by=current_actor()))


@door.get("/pages/<page_id>")
@requires("pages.read")
@returns(PageOut, errors=(NotFound,))
def show_page(page_id: str) -> PageOut:
    """Show one text page."""
    return _shown(page_id)


@door.put("/pages/<page_id>")
@requires("pages.edit")
@returns(PageOut, errors=(NotFound, PageHandleTaken))
@matches(_locked)
@accepts(NewPage)
def update_page(body: NewPage, page_id: str) -> PageOut:
    """Make a text page what the body says."""
    service.update_page(from_public(PAGE, page_id), body, by=current_actor())
    return _shown(page_id)


@door.delete("/pages/<page_id>")
@requires("pages.edit")
@returns(PageOut, errors=(NotFound,))
def delete_page(page_id: str) -> PageOut:
    """Remove a text page, and answer what it was. Menus keep their links to it."""
    was = _locked(page_id)
    service.delete_page(from_public(PAGE, page_id), by=current_actor())
    return was


@door.get("/menus")
@requires("pages.read")
@returns(MenusOut)
def list_menus() -> MenusOut:
    """List every menu with its links."""
    return MenusOut([_menu(handle) for handle in MENUS])


@door.get("/menus/<handle>")
@requires("pages.read")
@returns(MenuOut, errors=(NotFound,))
def show_menu(handle: str) -> MenuOut:
    """Show the links of one menu."""
    return _menu(handle)


@door.put("/menus/<handle>")
@requires("pages.edit")
@returns(MenuOut, errors=(NotFound,))
@matches(_locked_menu)
@accepts(MenuWritten)
def write_menu(body: MenuWritten, handle: str) -> MenuOut:
    """Give a menu exactly these links, in this order."""
    service.write_menu(handle, [MenuLink(one.label, one.href) for one in body.entries], by=current_actor())
    return _menu(handle)


@door.get("/subscribers")
@requires("customers.export")
@returns(Page[SubscriberOut])
@accepts(SubscriberFilter)
def list_subscribers(query: SubscriberFilter) -> Page[SubscriberOut]:
    """List those who confirmed that they want the shop's news, the latest first."""
    after = read_cursor(query.cursor, str)[0] if query.cursor else ""
    found = queries.subscribers(named(SUBSCRIBER, after, "cursor") if after else None, query.limit + 1)
    shown = [
        SubscriberOut(to_public(SUBSCRIBER, one.id), one.email, one.wording, one.confirmed_at)
        for one in found[: query.limit]
    ]
    return page_of(shown, cursor_of(shown[-1].id) if len(found) > query.limit else None)
