"""Staff's pages: text pages and menus."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.errors import NotFound
from app.core.i18n import gettext
from app.core.text import markdown
from app.core.web import BackofficeDoor, accepts, page, redirect_to
from app.shop.pages import queries, service
from app.shop.pages.models import TextPage
from app.shop.pages.schemas import MENUS, MenuForm, NewPage, PagePreview

door = BackofficeDoor("pages")
EMPTY_ROWS = 3


@door.get("/pages")
@requires("pages.read")
def index() -> Response:
    """All text pages, and the menus."""
    return page("pages/backoffice/index.html", pages=queries.pages(), menus_by_handle=_menus())


@door.get("/pages/new")
@requires("pages.edit")
def new() -> Response:
    """An empty page to write."""
    empty = TextPage(handle="", title="", body="", status="active", seo_title="", seo_description="")
    return page("pages/backoffice/edit.html", found=empty, is_new=True, preview="")


@door.post("/pages")
@requires("pages.edit")
@accepts(NewPage, again=new)
def create(form: NewPage) -> Response:
    """Write a new page."""
    written = service.create_page(form, by=current_actor())
    return redirect_to(url_for(".edit", page_id=written.id), gettext("“%(title)s” is written.", title=written.title))


@door.get("/pages/<uuid:page_id>")
@requires("pages.read")
def edit(page_id: UUID) -> Response:
    """A page to read and change."""
    found = queries.page_by_id(page_id)
    return page("pages/backoffice/edit.html", found=found, is_new=False, preview=markdown(found.body))


@door.post("/pages/<uuid:page_id>")
@requires("pages.edit")
@accepts(NewPage, again=edit)
def save(form: NewPage, page_id: UUID) -> Response:
    """Change a page."""
    written = service.update_page(page_id, form, by=current_actor())
    return redirect_to(url_for(".edit", page_id=page_id), gettext("“%(title)s” is saved.", title=written.title))


@door.post("/pages/<uuid:page_id>/delete")
@requires("pages.edit")
def delete(page_id: UUID) -> Response:
    """Remove a page."""
    service.delete_page(page_id, by=current_actor())
    return redirect_to(url_for(".index"), gettext("The page is deleted."))


@door.post("/pages/preview")
@requires("pages.read")
@accepts(PagePreview)
def preview(form: PagePreview) -> Response:
    """How a text will look; a piece for htmx."""
    return page("pages/backoffice/_preview.html", preview=markdown(form.body))


@door.get("/menus/<handle>")
@requires("pages.read")
def menu(handle: str) -> Response:
    """The links of one menu, with empty rows for more."""
    if handle not in MENUS:
        raise NotFound
    return page(
        "pages/backoffice/menu.html",
        handle=handle,
        title=gettext(MENUS[handle]),
        links=queries.menu(handle),
        written=queries.find_menu(handle),
        empty_rows=EMPTY_ROWS,
        pages=queries.pages(only_active=True),
    )


@door.post("/menus/<handle>")
@requires("pages.edit")
@accepts(MenuForm, again=menu)
def save_menu(form: MenuForm, handle: str) -> Response:
    """Give a menu exactly these links, in this order."""
    service.write_menu(handle, form.entries, by=current_actor())
    return redirect_to(url_for(".menu", handle=handle), gettext("%(menu)s: saved.", menu=gettext(MENUS[handle])))


def _menus() -> list[tuple[str, str, int]]:
    """(handle, title, number of links) of every menu."""
    written = queries.menus()
    return [
        (handle, gettext(title), len(getattr(written, handle.replace("-", "_")))) for handle, title in MENUS.items()
    ]
