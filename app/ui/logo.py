"""Logos: decoded with limits, drawn again, their colours found, and the icons that are made from them."""

from __future__ import annotations

import io
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from app.core.errors import InvalidInput
from app.core.i18n import gettext, mark
from app.core.later import later
from app.ui import colour

if TYPE_CHECKING:
    import PIL
    from PIL import Image, ImageDraw, ImageFont
else:
    PIL, Image = later("PIL"), later("PIL.Image")
    ImageDraw, ImageFont = later("PIL.ImageDraw"), later("PIL.ImageFont")

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 1200
COLOURS = 6
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_TOO_MANY_PIXELS = mark("This picture has too many pixels. Please send one below 4,000 by 4,000.")
_SAMPLE = 64
_ROUNDS = 12
_LEAST_CHROMA = 0.03
_TELL_APART = 0.05

Lab = tuple[float, float, float]


class UnreadableLogo(InvalidInput):
    """A file that is no picture, or one that costs too much to open."""

    code = "unreadable_logo"

    def __init__(self, sentence: str) -> None:
        super().__init__({"logo": sentence})


def open_logo(data: bytes) -> Image.Image:
    """The picture in an uploaded file, no larger than a page needs. Raises UnreadableLogo with one sentence."""
    if not data:
        raise UnreadableLogo(gettext("This file is empty."))
    if len(data) > MOST_BYTES:
        raise UnreadableLogo(gettext("This file is larger than 5 MB. Please send a smaller one."))
    if b"<svg" in data[:2048].lower():
        raise UnreadableLogo(gettext("SVG files can carry programs. Please send the logo as PNG or WebP."))
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise UnreadableLogo(_TOO_MANY_PIXELS)
            picture = found.convert("RGBA")
    except Image.DecompressionBombError as bomb:
        raise UnreadableLogo(_TOO_MANY_PIXELS) from bomb
    except PIL.UnidentifiedImageError as unknown:
        raise UnreadableLogo(gettext("This is no PNG, JPEG, WebP or GIF picture.")) from unknown
    except (OSError, ValueError, SyntaxError) as broken:
        raise UnreadableLogo(gettext("This picture is damaged and cannot be read.")) from broken
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty margin around it."""
    box = picture.getchannel("A").getbbox()
    return picture.crop(box) if box else picture


def as_png(picture: Image.Image) -> bytes:
    """The picture drawn again: nothing of the uploaded file's other content is left."""
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


class Cluster(NamedTuple):
    """One group of a logo's pixels: where its centre is in OKLab, and how many there are."""

    centre: Lab
    size: int

    @property
    def weight(self) -> float:
        """Large and colourful groups are the brand's colours."""
        return self.size * math.hypot(self.centre[1], self.centre[2])


def colours_of(picture: Image.Image) -> list[str]:
    """Up to six brand colours of a logo, the likeliest first; none for a logo in black, white and grey."""
    clusters = sorted(_clusters(_colourful_pixels(picture)), key=lambda cluster: -cluster.weight)
    chosen: list[Lab] = []
    for cluster in clusters:
        if all(_distance(cluster.centre, other) > _TELL_APART**2 for other in chosen):
            chosen.append(cluster.centre)
    return [_shown(centre) for centre in chosen[:COLOURS]]


def _shown(lab: Lab) -> str:
    hue = math.degrees(math.atan2(lab[2], lab[1])) % 360
    return colour.from_oklch(lab[0], math.hypot(lab[1], lab[2]), hue)


def _colourful_pixels(picture: Image.Image) -> Counter[Lab]:
    """What is neither transparent nor nearly grey, in OKLab, with how often it occurs; like shades counted together."""
    small = picture.convert("RGBA")
    small.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    raw = small.tobytes()
    shades: dict[tuple[int, int, int], list[int]] = {}
    for red, green, blue, alpha in zip(raw[0::4], raw[1::4], raw[2::4], raw[3::4], strict=True):
        if alpha >= 128:
            sums = shades.setdefault((red >> 3, green >> 3, blue >> 3), [0, 0, 0, 0])
            for place, part in enumerate((red, green, blue, 1)):
                sums[place] += part
    pixels: Counter[Lab] = Counter()
    for red, green, blue, count in shades.values():
        lab = colour.to_oklab((red / count / 255, green / count / 255, blue / count / 255))
        if math.hypot(lab[1], lab[2]) >= _LEAST_CHROMA:
            pixels[lab] += count
    return pixels


def _clusters(pixels: Counter[Lab]) -> list[Cluster]:
    """k-means in OKLab, started from colours that are far apart so that every run finds the same."""
    centres = _spread(pixels)
    groups: list[list[tuple[Lab, int]]] = []
    for _ in range(_ROUNDS):
        groups = [[] for _ in centres]
        for lab, count in pixels.items():
            groups[min(range(len(centres)), key=lambda place: _distance(lab, centres[place]))].append((lab, count))
        centres = [_mean(group) if group else centre for group, centre in zip(groups, centres, strict=True)]
    return [
        Cluster(centre, sum(count for _, count in group))
        for centre, group in zip(centres, groups, strict=True)
        if group
    ]


def _spread(pixels: Counter[Lab]) -> list[Lab]:
    """The most frequent colour, then always the one that is farthest from those already taken."""
    if not pixels:
        return []
    centres = [pixels.most_common(1)[0][0]]
    while len(centres) < min(COLOURS, len(pixels)):
        centres.append(max(pixels, key=lambda lab: min(_distance(lab, centre) for centre in centres)))
    return centres


def _distance(one: Lab, other: Lab) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


def _mean(group: list[tuple[Lab, int]]) -> Lab:
    whole = sum(count for _, count in group)
    first, second, third = (sum(lab[axis] * count for lab, count in group) / whole for axis in range(3))
    return first, second, third


def icon(
    size: int, background: str, ink: str, initials: str, logo: Image.Image | None = None, *, safe: bool = False
) -> bytes:
    """A square PNG: the logo on the page's own background, or the initials on the brand's colour.

    `safe` keeps everything inside the circle that a maskable icon is cut to.
    """
    margin = 0.22 if safe else 0.08
    canvas = Image.new("RGBA", (size, size), background)
    inner = round(size * (1 - 2 * margin))
    if logo is None:
        _draw_initials(canvas, initials, ink, inner)
    else:
        fitted = trimmed(logo).copy()
        scale = inner / max(fitted.size)
        fitted = fitted.resize((max(1, round(fitted.width * scale)), max(1, round(fitted.height * scale))))
        canvas.alpha_composite(fitted, ((size - fitted.width) // 2, (size - fitted.height) // 2))
    return as_png(canvas.convert("RGB"))


def _draw_initials(canvas: Image.Image, initials: str, ink: str, inner: int) -> None:
    drawing = ImageDraw.Draw(canvas)
    middle = canvas.width / 2
    if not initials.isascii():
        radius = inner / 4
        drawing.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=ink)
        return
    font = ImageFont.load_default(inner * (0.78 if len(initials) == 1 else 0.62))
    drawing.text((middle, middle), initials, fill=ink, font=font, anchor="mm", stroke_width=max(0, inner // 60))
