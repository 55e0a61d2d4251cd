"""Staff's pages for the home page: its bands in their order, and the form of each, made from its struct's fields."""

from __future__ import annotations

import typing
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from flask import Response, url_for

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput
from app.core.i18n import gettext as _
from app.core.web import Upload, accepts, page, redirect_to
from app.platform.branding import editor
from app.platform.tenancy import plans
from app.shop.catalog import queries as catalog
from app.shop.catalog import renditions
from app.shop.pages import bands
from app.shop.pages.backoffice import door as door
from app.shop.pages.sections import CHOICES, ICONS, KINDS, TITLES, Band, SectionImage

EMPTY_ROWS = 2
MOST_ROWS = 12
Short = Annotated[str, msgspec.Meta(max_length=200)]


class AddBand(msgspec.Struct, forbid_unknown_fields=True):
    """A kind of section."""

    kind: Literal["hero", "usp", "products", "story", "collections", "text", "image", "quote", "faq", "newsletter"]


class MoveBand(msgspec.Struct, forbid_unknown_fields=True):
    """One place up or down."""

    step: Annotated[int, msgspec.Meta(ge=-1, le=1)]


class Arrange(msgspec.Struct, forbid_unknown_fields=True):
    """All keys in their new order, as dragging leaves them."""

    order: list[UUID]


class Button(msgspec.Struct, forbid_unknown_fields=True):
    """A button."""


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One row of a list: a reason to buy, or a question. An empty row is dropped."""

    text: Short = ""
    icon: Short = "star"
    question: Short = ""
    answer: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class BandForm(msgspec.Struct, forbid_unknown_fields=True):
    """Every field that a section of any kind has; each kind takes its own."""

    title: Short = ""
    eyebrow: Short = ""
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    body: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    author: Short = ""
    caption: Short = ""
    href: Short = ""
    button: Short = ""
    button_href: Short = ""
    second_button: Short = ""
    second_href: Short = ""
    product: Short = ""
    collection: Short = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=24)] = 8
    more: Short = ""
    layout: Literal["grid", "row", "feature"] = "grid"
    side: Literal["right", "left"] = "right"
    width: Literal["page", "full"] = "page"
    collections: list[Short] = []
    items: list[Row] = []
    picture: Upload | None = None
    picture_alt: Short = ""
    remove_picture: bool = False

    def problems(self) -> dict[str, str]:
        """Links that lead nowhere a page may lead."""
        names = ("button_href", "second_href", "href")
        sentence = _("Start with / for a page of this shop, or with https://.")
        return {name: sentence for name in names if not _is_address(getattr(self, name))}

    def values(self, kind: str) -> dict[str, Any]:
        """What the section's struct is made from; empty rows are gone."""
        plain = {name: getattr(self, name) for name in self.__struct_fields__ if name not in {"items", "picture"}}
        if kind == "usp":
            plain["items"] = [{"text": row.text, "icon": _icon(row.icon)} for row in self.items if row.text]
        if kind == "faq":
            filled = [row for row in self.items if row.question and row.answer]
            plain["items"] = [{"question": row.question, "answer": row.answer} for row in filled]
        return plain


class Control(NamedTuple):
    """One field of a band's form, as the template draws it."""

    name: str
    label: str
    control: str
    longest: int = 200
    options: tuple[tuple[str, str], ...] = ()


def controls(kind: str) -> list[Control]:
    """The form of a kind, from the fields of its struct."""
    hints = typing.get_type_hints(KINDS[kind], include_extras=True)
    return [_control(name, hints[name]) for name in KINDS[kind].__struct_fields__]


@door.get("/home-page")
@requires("pages.read")
def home_page() -> Response:
    """The bands of the draft, and the page beside them."""
    kinds = [(kind, _(TITLES[kind])) for kind in KINDS]
    return page(
        "pages/backoffice/home_page.html", bands=bands.draft(), kinds=kinds, kinds_by_key=dict(kinds), **_beside()
    )


@door.post("/home-page")
@requires("pages.edit")
@accepts(AddBand, again=home_page)
def add_band(form: AddBand) -> Response:
    """Put a new band at the end and open its form."""
    band = bands.add(form.kind, by=current_actor())
    return redirect_to(url_for(".band", band_key=band.key))


@door.post("/home-page/order")
@requires("pages.edit")
@accepts(Arrange)
def arrange_bands(form: Arrange) -> Response:
    """Take the order that dragging left."""
    bands.arrange(form.order, by=current_actor())
    return redirect_to(url_for(".home_page"), _("The order is in the draft."))


@door.get("/home-page/<uuid:band_key>")
@requires("pages.read")
def band(band_key: UUID) -> Response:
    """The form of one band."""
    found = bands.find(band_key)
    return page(
        "pages/backoffice/band.html",
        band=found,
        kind_title=_(TITLES[found.kind]),
        controls=controls(found.kind),
        items=[msgspec.to_builtins(one) for one in getattr(found.section, "items", [])],
        empty_rows=EMPTY_ROWS,
        icons=[(name, name.replace("-", " ")) for name in ICONS],
        shelves=[(row.handle, row.title) for row, _count in catalog.collections()],
        **_beside(),
    )


@door.post("/home-page/<uuid:band_key>")
@requires("pages.edit")
@accepts(BandForm, again=band)
def fill_band(form: BandForm, band_key: UUID) -> Response:
    """Keep a band's words and picture in the draft."""
    found = bands.find(band_key)
    bands.fill(band_key, form.values(found.kind), _picture(found, form), by=current_actor())
    return redirect_to(url_for(".band", band_key=band_key), _("It is in the draft."))


@door.post("/home-page/<uuid:band_key>/move")
@requires("pages.edit")
@accepts(MoveBand)
def move_band(form: MoveBand, band_key: UUID) -> Response:
    """One place up or down."""
    bands.move(band_key, form.step, by=current_actor())
    return redirect_to(url_for(".home_page"))


@door.post("/home-page/<uuid:band_key>/show")
@requires("pages.edit")
@accepts(Button)
def toggle_band(form: Button, band_key: UUID) -> Response:
    """Show a hidden band, hide a shown one."""
    shown = bands.toggle(band_key, by=current_actor()).is_visible
    return redirect_to(url_for(".home_page"), _("The section is shown.") if shown else _("The section is hidden."))


@door.post("/home-page/<uuid:band_key>/copy")
@requires("pages.edit")
@accepts(Button)
def copy_band(form: Button, band_key: UUID) -> Response:
    """Put a copy below."""
    copy = bands.duplicate(band_key, by=current_actor())
    return redirect_to(url_for(".band", band_key=copy.key), _("This is the copy."))


@door.post("/home-page/<uuid:band_key>/remove")
@requires("pages.edit")
@accepts(Button)
def remove_band(form: Button, band_key: UUID) -> Response:
    """Take a band off the page."""
    bands.remove(band_key, by=current_actor())
    return redirect_to(url_for(".home_page"), _("The section is removed. “Undo” brings it back."))


def _beside() -> dict[str, Any]:
    return editor.state() | editor.frame() | {"undo_back": "home"}


def _picture(found: Band, form: BandForm) -> SectionImage | None:
    """The band's picture after this form; one that is shown says what is on it."""
    kept: SectionImage | None = getattr(found.section, "image", None)
    if form.picture is not None:
        data = form.picture.read()
        plans.make_room("storage", len(data))
        stored = renditions.keep(data)
        kept = SectionImage(stored.key, "", stored.width, stored.height, stored.renditions)
    elif form.remove_picture:
        return None
    if kept is None:
        return None
    if not form.picture_alt:
        sentence = _("Say in a few words what the picture shows, for those who cannot see it.")
        raise InvalidInput({"picture_alt": sentence})
    return msgspec.structs.replace(kept, alt=form.picture_alt)


def _control(name: str, annotation: Any) -> Control:
    plain, metas = annotation, []
    while typing.get_origin(plain) is Annotated:
        plain, *found = typing.get_args(plain)
        metas += found
    title = next((meta.title for meta in metas if meta.title), name)
    chosen = next((meta.extra["control"] for meta in metas if meta.extra), "")
    longest = next((meta.max_length for meta in metas if meta.max_length), 200)
    if typing.get_origin(plain) is Literal:
        options = tuple((value, _(CHOICES[value])) for value in typing.get_args(plain))
        return Control(name, _(title), "select", longest, options)
    kinds = {int: "number", bool: "tick", str: "line"}
    return Control(name, _(title), chosen or kinds.get(plain, "rows"), longest)


def _is_address(href: str) -> bool:
    return not href or href.startswith("https://") or (href.startswith("/") and not href.startswith(("//", "/\\")))


def _icon(name: str) -> str:
    return name if name in ICONS else "star"
