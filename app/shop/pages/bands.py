"""Editing the home page: every change lands in the brand's draft and is published, undone and brought back with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.core import ids
from app.core.access import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import gettext as _
from app.platform.branding import hooks
from app.platform.branding import queries as branding
from app.platform.branding import service as brand_service
from app.platform.tenancy import queries as tenancy
from app.shop.pages import queries, service
from app.shop.pages.sections import KINDS, AnySection, Band, SectionImage

MOST = 30


def draft() -> list[Band]:
    """The home page as the draft has it; what is published where nobody changed it."""
    version = branding.draft_version()
    return read(version.home) if version is not None and version.home else queries.home_bands()


def lock() -> None:
    """Let nobody else change the draft until the transaction ends."""
    tenancy.lock_shop()


def find(key: UUID) -> Band:
    """One band of the draft. Raises NotFound."""
    for band in draft():
        if band.key == key:
            return band
    raise NotFound


def add(kind: str, *, by: Actor) -> Band:
    """Put an empty band of a kind at the end; it stays hidden until it is filled. Raises NotFound for another kind."""
    if kind not in KINDS:
        raise NotFound
    bands = draft()
    if len(bands) >= MOST:
        raise InvalidInput({"kind": _("A home page has at most %(most)s sections.", most=MOST)})
    band = Band(ids.new_id(), KINDS[kind](), is_visible=False)  # type: ignore[arg-type]  # every kind is a section
    _save([*bands, band], by)
    return band


def fill(key: UUID, values: dict[str, Any], picture: SectionImage | None, *, by: Actor) -> Band:
    """Give a band new content: values of its kind's fields, and its picture. Raises NotFound or InvalidInput."""
    band = find(key)
    kind = KINDS[band.kind]
    names = set(kind.__struct_fields__)
    content = {name: value for name, value in values.items() if name in names}
    if "image" in names:
        content["image"] = msgspec.to_builtins(picture) if picture else None
    try:
        section: AnySection = msgspec.convert({"kind": band.kind, **content}, AnySection)
    except msgspec.ValidationError as refused:
        sentence, _split, place = str(refused).partition(" - at `$.")
        raise InvalidInput({place.rstrip("`").split("[")[0]: f"{sentence}."}) from refused
    _replace(key, [Band(key, section, is_visible=True)], by)
    return find(key)


def remove(key: UUID, *, by: Actor) -> None:
    """Take a band off the page; undo brings it back. Raises NotFound."""
    find(key)
    _replace(key, [], by)


def duplicate(key: UUID, *, by: Actor) -> Band:
    """Put a copy below a band. Raises NotFound."""
    band = find(key)
    copy = Band(ids.new_id(), band.section, band.is_visible)
    _replace(key, [band, copy], by)
    return copy


def toggle(key: UUID, *, by: Actor) -> Band:
    """Show a hidden band, hide a shown one. Raises NotFound."""
    band = find(key)
    _replace(key, [Band(key, band.section, not band.is_visible)], by)
    return find(key)


def move(key: UUID, step: int, *, by: Actor) -> None:
    """Put a band one place higher (-1) or lower (1). Raises NotFound."""
    find(key)
    keys = [band.key for band in draft()]
    place = keys.index(key)
    keys.insert(min(max(place + step, 0), len(keys) - 1), keys.pop(place))
    arrange(keys, by=by)


def arrange(keys: Sequence[UUID], *, by: Actor) -> None:
    """Put the bands in this order. Those that are not named keep theirs behind the named; unknown keys are ignored."""
    bands = draft()
    places = {key: place for place, key in enumerate(keys)}
    _save(sorted(bands, key=lambda band: places.get(band.key, len(places))), by)


def read(home: hooks.Home) -> list[Band]:
    """Bands out of a version's kept home page; one that an older release wrote differently is left out."""
    found = []
    for one in home.get("bands", []):
        try:
            found.append(msgspec.convert(one, Band))
        except msgspec.ValidationError:
            continue
    return found


def written(bands: Sequence[Band]) -> hooks.Home:
    """Bands as a version keeps them."""
    return {"bands": msgspec.to_builtins(list(bands))}


def describe() -> hooks.Home:
    """The published home page as a version keeps it."""
    return written(queries.home_bands())


def show(home: hooks.Home, by: Actor) -> None:
    """Make a kept home page the published one."""
    service.write_bands(read(home), by=by)


def _replace(key: UUID, others: list[Band], by: Actor) -> None:
    _save([new for band in draft() for new in (others if band.key == key else [band])], by)


def _save(bands: list[Band], by: Actor) -> None:
    brand_service.save_home(written(bands), by=by)
