"""Colours as numbers: sRGB hex, OKLCH, and the contrast of WCAG 2.2.

OKLab and its matrices are Björn Ottosson's (https://bottosson.github.io/posts/oklab/). OKLCH is OKLab in polar
form: lightness 0..1, chroma 0..about 0.37, hue in degrees. Luminance and contrast are WCAG 2.2's definitions.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from app.core.errors import InvalidInput
from app.core.i18n import gettext

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_GAMUT_TOLERANCE = 1e-4
_CHROMA_STEPS = 12

Rgb = tuple[float, float, float]


class Oklch(NamedTuple):
    """A colour by how light, how colourful, and which hue."""

    lightness: float
    chroma: float
    hue: float


def parse_hex(text: str, field: str = "colour") -> str:
    """`abc`, `#ABC` or `#aabbcc` as `#aabbcc`; raises InvalidInput on `field` for anything else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            {field: gettext("Write the colour as # and six digits or letters from a to f, such as #a8492a.")}
        )
    digits = found.group(1).lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def to_rgb(colour: str) -> Rgb:
    """`#rrggbb` as three numbers from 0 to 1, still gamma-encoded."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def to_hex(rgb: Rgb) -> str:
    """Three gamma-encoded numbers as `#rrggbb`; what lies outside 0..1 is clipped."""
    red, green, blue = (round(min(max(part, 0.0), 1.0) * 255) for part in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _decode(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(_decode(step / 255) for step in range(256))


def _encode(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def to_oklab(rgb: Rgb) -> tuple[float, float, float]:
    """Gamma-encoded sRGB as lightness and the two opponent axes."""
    red, green, blue = _decode(rgb[0]), _decode(rgb[1]), _decode(rgb[2])
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def to_oklch(colour: str) -> Oklch:
    """`#rrggbb` in OKLCH."""
    lightness, green_red, blue_yellow = to_oklab(to_rgb(colour))
    hue = math.degrees(math.atan2(blue_yellow, green_red)) % 360
    return Oklch(lightness, math.hypot(green_red, blue_yellow), hue)


def _linear_rgb(lightness: float, chroma: float, cosine: float, sine: float) -> Rgb:
    green_red, blue_yellow = chroma * cosine, chroma * sine
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    middle = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _is_displayable(rgb: Rgb) -> bool:
    red, green, blue = rgb
    low, high = -_GAMUT_TOLERANCE, 1 + _GAMUT_TOLERANCE
    return low <= red <= high and low <= green <= high and low <= blue <= high


@lru_cache(maxsize=8192)
def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen can show, as hex: hue and lightness stay, chroma gives way."""
    cosine, sine = math.cos(math.radians(hue)), math.sin(math.radians(hue))
    rgb = _linear_rgb(lightness, chroma, cosine, sine)
    if not _is_displayable(rgb):
        low, high, rgb = 0.0, chroma, _linear_rgb(lightness, 0.0, cosine, sine)
        for _ in range(_CHROMA_STEPS):
            half = (low + high) / 2
            tried = _linear_rgb(lightness, half, cosine, sine)
            if _is_displayable(tried):
                low, rgb = half, tried
            else:
                high = half
    return to_hex((_encode(max(rgb[0], 0.0)), _encode(max(rgb[1], 0.0)), _encode(max(rgb[2], 0.0))))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, from 0 for black to 1 for white."""
    red, green, blue = int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    return contrast_of(luminance(one), luminance(other))


def contrast_of(one: float, other: float) -> float:
    """As `contrast`, for two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
