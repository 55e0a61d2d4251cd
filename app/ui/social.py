"""Social cards: the picture that shows when somebody shares a page, drawn in the brand's colours and headline font."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from app import settings
from app.core.later import later
from app.ui import logo, palette
from app.ui.theme import Theme

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont, ImageOps
else:
    Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")
    ImageFont, ImageOps = later("PIL.ImageFont"), later("PIL.ImageOps")

SIZE = (1200, 630)
_MARGIN = 72
_PICTURE_WIDTH = 500
_PLAIN_FONT = "fonts/instrument-sans-latin-wght-normal.woff2"
_LAST_LATIN = 0x24F
_PUNCTUATION = set("–—‘’“”•…€−")


def card(brand: Theme, title: str, *, line: str = "", picture: bytes = b"", mark: bytes = b"") -> bytes:
    """A PNG of 1200 by 630 pixels: the title, a line below it, the shop's mark, and a picture at the right.

    Our fonts hold Latin letters only: a text in another script is left to the page's own title beside the card.
    """
    colours = _colours(brand)
    canvas = Image.new("RGB", SIZE, colours["hero-bg"])
    if picture:
        _hang(canvas, picture)
    drawing = ImageDraw.Draw(canvas)
    room = SIZE[0] - 2 * _MARGIN - (_PICTURE_WIDTH if picture else 0)
    _sign(canvas, brand, colours, mark, has_name=title != brand.name)
    if _is_drawable(title):
        text = title.upper() if brand.tokens.display_case == "uppercase" else title
        _write(drawing, brand, text, colours["hero-ink"], room)
    if line and _is_drawable(line):
        small = ImageFont.truetype(str(settings.ROOT / "static" / _PLAIN_FONT), 30)
        place = (_MARGIN, SIZE[1] - _MARGIN)
        drawing.text(place, _cut(small, line, room), fill=colours["hero-ink"], font=small, anchor="ls")
    drawing.rectangle((0, SIZE[1] - 14, SIZE[0], SIZE[1]), fill=colours["brand"])
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _colours(brand: Theme) -> palette.Palette:
    tokens, colours = brand.tokens, dict(brand.colours)
    if tokens.hero_colour:
        return colours | palette.hero(tokens.hero_colour, tokens.hero_ink)
    return colours | {"hero-bg": colours["canvas"], "hero-ink": colours["ink"]}


def _hang(canvas: Image.Image, picture: bytes) -> None:
    """The picture over the right part, from edge to edge."""
    with Image.open(io.BytesIO(picture)) as found:
        found.load()
        fitted = ImageOps.fit(found.convert("RGB"), (_PICTURE_WIDTH, SIZE[1]))
    canvas.paste(fitted, (SIZE[0] - _PICTURE_WIDTH, 0))


def _sign(canvas: Image.Image, brand: Theme, colours: palette.Palette, mark: bytes, *, has_name: bool) -> None:
    """Logo or initials, with the shop's name beside them unless the logo holds it."""
    drawing = ImageDraw.Draw(canvas)
    height, left = 84, _MARGIN
    if mark:
        found = logo.trimmed(logo.open_logo(mark))
        width = min(round(found.width * height / found.height), 420)
        canvas.paste(fitted := found.resize((width, height)), (left, _MARGIN), fitted)
        left += width + 24
    else:
        drawing.rounded_rectangle((left, _MARGIN, left + height, _MARGIN + height), 18, fill=colours["brand"])
        font = _font(brand, 40)
        middle = (left + height // 2, _MARGIN + height // 2)
        if _is_drawable(brand.initials):
            drawing.text(middle, brand.initials, fill=colours["on-brand"], font=font, anchor="mm")
        left += height + 24
    if _is_drawable(brand.name) and has_name and not (mark and brand.tokens.logo_alone):
        room = SIZE[0] - _PICTURE_WIDTH - left - _MARGIN // 2
        font = _font(brand, 40)
        name = _cut(font, brand.name, room)
        drawing.text((left, _MARGIN + height // 2), name, fill=colours["hero-ink"], font=font, anchor="lm")


def _write(drawing: ImageDraw.ImageDraw, brand: Theme, title: str, ink: str, room: int) -> None:
    """The title as large as it fits in three lines, standing above the line at the foot."""
    condensed = "condensed" in "".join(brand.tokens.font.files)
    for size in (132, 112, 96, 82, 70, 58, 48):
        font = _font(brand, round(size * 1.25) if condensed else size)
        lines = _wrapped(font, title, room)
        if len(lines) <= 3 and all(font.getlength(one) <= room for one in lines):
            break
    lines = [_cut(font, one, room) for one in lines[:3]]
    step = round(font.size * 1.04)
    top = SIZE[1] - _MARGIN - 60 - step * len(lines)
    for place, one in enumerate(lines):
        drawing.text((_MARGIN, top + place * step), one, fill=ink, font=font, anchor="la")


def _font(brand: Theme, size: int) -> ImageFont.FreeTypeFont:
    pair = brand.tokens.font
    file = pair.files[0] if pair.files else _PLAIN_FONT
    font = ImageFont.truetype(str(settings.ROOT / "static" / file), size)
    lightest, heaviest = (font.get_variation_axes()[0][end] for end in ("minimum", "maximum"))
    weight = brand.tokens.display_weight or pair.weight
    font.set_variation_by_axes([min(max(weight, lightest or 100), heaviest or 900)])
    return font


def _wrapped(font: ImageFont.FreeTypeFont, text: str, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(font: ImageFont.FreeTypeFont, text: str, room: int) -> str:
    """The text, shortened to the room it has."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _is_drawable(text: str) -> bool:
    return bool(text) and all(ord(sign) <= _LAST_LATIN or sign in _PUNCTUATION for sign in text)
