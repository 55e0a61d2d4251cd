"""What the wizard's brand step offers and its preview shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from app.console.onboarding import queries, steps
from app.console.onboarding.models import WizardDraft
from app.console.onboarding.schemas import HEX, BrandStep, Look
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import mark, said
from app.platform.tenancy import packs
from app.shop.catalog import renditions
from app.shop.catalog.importing import reading
from app.ui import fonts
from app.ui import logo as logos
from app.ui.theme import BrandTokens, Theme

STARTERS = {
    "#2f5d50": mark("Forest"),
    "#a8492a": mark("Clay"),
    "#6a38e8": mark("Violet"),
    "#0b5bd3": mark("Blue"),
    "#c2185b": mark("Berry"),
    "#c8f03c": mark("Lime"),
    "#e0a100": mark("Honey"),
    "#1b1b1f": mark("Ink"),
}
"""Eight colours to begin with; any other can be typed."""


@dataclass(frozen=True)
class Preview:
    """What the page in the frame shows."""

    theme: Theme
    hero: dict[str, Any]
    products: list[dict[str, str]]
    has_logo: bool


def of(draft: WizardDraft | None, asked: Look) -> Preview:
    """The look that is asked about; what is not named comes from the draft."""
    answer = _answer(draft)
    start = asked.start or answer.start
    folder = packs.folder_named(start) or packs.folder_named("starter")
    colour = (asked.colour if asked.pick == "own" else asked.pick) if asked.start else answer.chosen_colour
    font_pair = asked.font_pair if asked.start else answer.font_pair
    name = steps.typed(draft, "shop").get("name", "") if draft else ""
    has_logo = draft is not None and queries.file_of(draft.id, "logo") is not None
    theme = Theme(
        name=name or "Your shop", tokens=tokens(folder, colour, font_pair), logo_url="/start/logo" if has_logo else ""
    )
    hero = next((band for band in folder.pack.home if band["kind"] == "hero"), {}) if folder else {}
    shown = folder.catalogue.products[:4] if folder else []
    return Preview(theme, hero, [{"title": one.title, "price": one.variants[0].price} for one in shown], has_logo)


def tokens(folder: packs.Folder | None, colour: str, font_pair: str) -> BrandTokens:
    """A pack's brand with another colour or type on top; a colour that is not one is left out."""
    table = {key: value for key, value in (folder.pack.brand if folder else {}).items() if key != "logo"}
    if colour and HEX.fullmatch(colour):
        own = table.get("colour")
        table = {key: value for key, value in table.items() if colour == own or key not in {"canvas", "hero_colour"}}
        table["colour"] = colour if colour.startswith("#") else f"#{colour}"
    if font_pair in fonts.PAIRS:
        table["font_pair"] = font_pair
    return BrandTokens.from_toml(table)


def as_query(asked: Look) -> dict[str, Any]:
    """A look as the query of an address."""
    return {name: value for name, value in msgspec.structs.asdict(asked).items() if value}


def choices(draft: WizardDraft | None) -> dict[str, Any]:
    """Starting looks, colours (those of the logo first), and font pairs."""
    logo = queries.file_of(draft.id, "logo") if draft else None
    colours = logos.colours_of(logos.open_logo(logo.content)) if logo else []
    return {
        "starts": packs.folders(),
        "logo": logo,
        "logo_colours": colours,
        "starters": said(STARTERS),
        "pairs": {key: pair.label for key, pair in fonts.PAIRS.items()},
        "answer": _answer(draft),
    }


def logo_picture(draft: WizardDraft | None) -> bytes:
    """The draft's logo, drawn again. Raises NotFound."""
    logo = queries.file_of(draft.id, "logo") if draft else None
    if logo is None:
        raise NotFound()
    return logos.as_png(logos.trimmed(logos.open_logo(logo.content)))


def refuse_unreadable(kind: str, content: bytes) -> None:
    """Say at once when a file cannot be used. Raises InvalidInput."""
    try:
        if kind == "logo":
            logos.open_logo(content)
        elif kind == "photo":
            renditions.decoded(content)
        elif kind == "csv":
            reading.read(content)
    except InvalidInput as refused:
        raise InvalidInput({kind: next(iter(refused.errors.values()))}) from refused
    except (renditions.PictureRefused, reading.FileRefused) as refused:
        raise InvalidInput({kind: refused.sentence}) from refused


def kept_files(draft: WizardDraft | None) -> dict[str, str]:
    """Names of the files that the draft holds, by kind."""
    if draft is None:
        return {}
    found = {kind: queries.file_of(draft.id, kind) for kind in ("photo", "csv")}
    return {kind: file.filename for kind, file in found.items() if file}


def _answer(draft: WizardDraft | None) -> BrandStep:
    """The stored answer; where it is not right, its parts that are."""
    if draft is None:
        return BrandStep()
    try:
        answer: BrandStep = steps.read(draft, "brand")
    except InvalidInput:
        return BrandStep(start=steps.typed(draft, "brand").get("start", "starter"))
    return answer
