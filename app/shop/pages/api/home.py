"""The home page for programs: its sections in the draft. They go live when the brand is published."""

from __future__ import annotations

import msgspec

from app.core.access import current_actor, requires
from app.core.errors import InvalidInput, NotFound, PlanLimitReached
from app.core.i18n import gettext
from app.core.ids import from_public, named_of, to_public
from app.core.rest import accepts, matches, returns
from app.core.rest_files import uploads
from app.platform.tenancy import plans
from app.shop.catalog import renditions
from app.shop.catalog.renditions import PictureRefused
from app.shop.pages import bands
from app.shop.pages.api.entrance import door
from app.shop.pages.programs import BandOut, BandPicture, BandShown, BandsOrder, BandsOut, BandWanted, BandWritten
from app.shop.pages.sections import KINDS, Band, SectionImage

BAND = "band"


def _out(band: Band) -> BandOut:
    return BandOut(to_public(BAND, band.key), band.kind, band.is_visible, msgspec.to_builtins(band.section))


def _all() -> BandsOut:
    return BandsOut([_out(band) for band in bands.draft()])


def _locked_all() -> BandsOut:
    bands.lock()
    return _all()


def _find(band_id: str) -> Band:
    return bands.find(from_public(BAND, band_id))


def _locked(band_id: str) -> BandOut:
    bands.lock()
    return _out(_find(band_id))


@door.get("/home-page/sections")
@requires("pages.read")
@returns(BandsOut)
def list_sections() -> BandsOut:
    """List the sections of the home page's draft from top to bottom."""
    return _all()


@door.post("/home-page/sections")
@requires("pages.edit")
@returns(BandOut, status=201)
@accepts(BandWanted)
def add_section(body: BandWanted) -> BandOut:
    """Put an empty section at the end of the draft."""
    return _out(bands.add(body.kind, by=current_actor()))


@door.put("/home-page/sections/order")
@requires("pages.edit")
@returns(BandsOut)
@matches(_locked_all)
@accepts(BandsOrder)
def arrange_sections(body: BandsOrder) -> BandsOut:
    """Put the sections into this order; those not named follow."""
    order = named_of(BAND, body.ids, "ids", (one.id for one in _all().data))
    bands.arrange(order, by=current_actor())
    return _all()


@door.get("/home-page/sections/<band_id>")
@requires("pages.read")
@returns(BandOut, errors=(NotFound,))
def show_section(band_id: str) -> BandOut:
    """Show one section of the draft."""
    return _out(_find(band_id))


@door.put("/home-page/sections/<band_id>")
@requires("pages.edit")
@returns(BandOut, errors=(NotFound,))
@matches(_locked)
@accepts(BandWritten)
def fill_section(body: BandWritten, band_id: str) -> BandOut:
    """Fill a section and show it. It keeps its kind; a new picture is uploaded on its own."""
    band = _find(band_id)
    values = msgspec.to_builtins(body.section)
    if values.pop("kind") != band.kind:
        sentence = gettext("A section keeps its kind, which is %(kind)s.", kind=band.kind)
        raise InvalidInput({"section.kind": sentence})
    values.pop("image", None)
    picture = _kept(band, getattr(body.section, "image", None))
    return _out(bands.fill(band.key, values, picture, by=current_actor()))


@door.post("/home-page/sections/<band_id>/picture")
@requires("pages.edit")
@returns(BandOut, errors=(NotFound, PictureRefused, PlanLimitReached))
@uploads(BandPicture)
def set_picture(body: BandPicture, band_id: str) -> BandOut:
    """Give a section another picture, and say what it shows."""
    band = _find(band_id)
    if "image" not in KINDS[band.kind].__struct_fields__:
        raise InvalidInput({"file": gettext("Sections of this kind have no picture.")})
    data = body.file.read()
    plans.make_room("storage", len(data))
    stored = renditions.keep(data)
    picture = SectionImage(stored.key, body.alt, stored.width, stored.height, stored.renditions)
    return _out(bands.fill(band.key, msgspec.to_builtins(band.section), picture, by=current_actor()))


@door.post("/home-page/sections/<band_id>/visibility")
@requires("pages.edit")
@returns(BandOut, errors=(NotFound,))
@accepts(BandShown)
def set_visibility(body: BandShown, band_id: str) -> BandOut:
    """Show a section, or hide it."""
    band = _find(band_id)
    return _out(bands.toggle(band.key, by=current_actor()) if band.is_visible is not body.is_visible else band)


@door.post("/home-page/sections/<band_id>/copy")
@requires("pages.edit")
@returns(BandOut, errors=(NotFound,), status=201)
def copy_section(band_id: str) -> BandOut:
    """Put a copy below a section."""
    return _out(bands.duplicate(from_public(BAND, band_id), by=current_actor()))


@door.delete("/home-page/sections/<band_id>")
@requires("pages.edit")
@returns(BandOut, errors=(NotFound,))
def remove_section(band_id: str) -> BandOut:
    """Take a section off the draft, and answer what it was."""
    was = _out(_find(band_id))
    bands.remove(from_public(BAND, band_id), by=current_actor())
    return was


def _kept(band: Band, wanted: SectionImage | None) -> SectionImage | None:
    """The present picture with the words of the body; any other one must be uploaded."""
    here: SectionImage | None = getattr(band.section, "image", None)
    if wanted is None:
        return None
    if here is None or wanted.key != here.key:
        raise InvalidInput({"section.image.key": gettext("Upload a new picture on its own.")})
    return msgspec.structs.replace(here, alt=wanted.alt)
