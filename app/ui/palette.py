"""One brand colour in, a complete light and dark palette out, in which every text and control pair is readable.

Roles are solved, not picked: each starts at the lightness that looks right and moves until its contrast holds on
every surface it may sit on. `PAIRS` lists what WCAG 2.2 AA asks of the result; `failures()` checks any palette
against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from app.ui import logo
from app.ui.colour import Oklch, contrast, contrast_of, from_oklch, luminance, to_oklch

Palette = dict[str, str]

_WHITE, _BLACK = "#ffffff", "#000000"
_STEP = 0.004
_TINT = 0.012
_SURFACES = ("canvas", "surface", "sunken")
_STATUS_HUES = {"success": 150, "warning": 75, "danger": 25, "info": 245}
_SERIES = ((0, None), (-55, 0.62), (110, 0.66), (180, 0.58))

# A chosen canvas is moved into these bounds of lightness; the contrast targets can be met inside them only.
LIGHTEST_DARK_CANVAS = 0.24
DARKEST_LIGHT_CANVAS = 0.94


class Pair(NamedTuple):
    """Two roles that meet on a page, and the contrast that WCAG 2.2 AA (or more) asks for."""

    front: str
    back: str
    least: float


class Failure(NamedTuple):
    """A pair that is not readable, with the contrast it has."""

    front: str
    back: str
    least: float
    ratio: float


class Shades(NamedTuple):
    """What differs between the light and the dark palette: wanted lightness, and which way to move."""

    is_dark: bool
    towards: int
    ink: float
    muted: float
    line_strong: float
    soft: tuple[float, float]
    soft_2: tuple[float, float]
    status: float
    status_soft: float


LIGHT = Shades(False, -1, 0.21, 0.50, 0.64, (0.945, 0.055), (0.90, 0.085), 0.50, 0.95)
DARK = Shades(True, 1, 0.96, 0.70, 0.50, (0.28, 0.06), (0.34, 0.085), 0.78, 0.27)


def _pairs() -> Iterable[Pair]:
    for surface in _SURFACES:
        yield Pair("ink", surface, 7)
        yield Pair("ink-muted", surface, 4.5)
        yield Pair("brand-line", surface, 3)
        yield Pair("line-strong", surface, 3)
    for surface in (*_SURFACES, "brand-soft", "brand-soft-2"):
        yield Pair("brand-ink", surface, 4.5)
    for state in ("brand", "brand-hover", "brand-press"):
        yield Pair("on-brand", state, 4.5)
    yield Pair("ink", "brand-soft", 7)
    for status in _STATUS_HUES:
        yield Pair(status, f"{status}-soft", 4.5)
        yield Pair(status, "canvas", 4.5)
        yield Pair(status, "surface", 4.5)
        yield Pair(status, "sunken", 4.5)
    for number in range(1, len(_SERIES) + 1):
        yield Pair(f"series-{number}", "surface", 3)


PAIRS: tuple[Pair, ...] = tuple(_pairs())
HERO_PAIRS = (Pair("hero-ink", "hero-bg", 7), Pair("hero-accent", "hero-bg", 4.5))


def failures(palette: Palette, pairs: Sequence[Pair] = PAIRS) -> list[Failure]:
    """The pairs of a palette that are not readable; none, for a palette from `scheme`."""
    light = {role: luminance(colour) for role, colour in palette.items()}
    ratios = ((pair, contrast_of(light[pair.front], light[pair.back])) for pair in pairs)
    return [Failure(*pair, round(ratio, 2)) for pair, ratio in ratios if ratio < pair.least]


def solve(wanted: Oklch, against: Sequence[str], least: float, towards: int) -> str:
    """The colour nearest to `wanted` in lightness that reaches the contrast `least` on all of `against`.

    `towards` is -1 to search among darker colours, +1 among lighter ones. Black or white when there is none.
    """
    backs = [luminance(colour) for colour in against]
    darkest, lightest = (min(backs) + 0.05) / least - 0.05, (max(backs) + 0.05) * least - 0.05
    room = wanted.lightness if towards < 0 else 1 - wanted.lightness

    def colour_at(step: int) -> str:
        return from_oklch(wanted.lightness + towards * step * _STEP, wanted.chroma, wanted.hue)

    def reads(step: int) -> bool:
        front = luminance(colour_at(step))
        return front <= darkest if towards < 0 else front >= lightest

    end = max(int(room / _STEP) + 1, 0)
    step = _first(reads, end)
    if step == end:
        return _BLACK if towards < 0 else _WHITE
    return colour_at(step)


def _first(holds: Callable[[int], bool], end: int) -> int:
    """The first number below `end` for which a condition holds that, once it holds, keeps holding; else `end`."""
    low, high = 0, end
    while low < high:
        half = (low + high) // 2
        low, high = (low, half) if holds(half) else (half + 1, high)
    return low


def clamp_canvas(canvas: str, *, dark: bool) -> str:
    """A chosen page background, moved to the lightness in which everything stays readable."""
    lightness, chroma, hue = to_oklch(canvas)
    if dark and lightness > LIGHTEST_DARK_CANVAS:
        return from_oklch(LIGHTEST_DARK_CANVAS - 0.005, min(chroma, 0.05), hue)
    if not dark and lightness < DARKEST_LIGHT_CANVAS:
        return from_oklch(DARKEST_LIGHT_CANVAS + 0.005, min(chroma, 0.05), hue)
    return canvas


def scheme(brand: str, *, dark: bool = False, canvas: str | None = None) -> Palette:
    """All colour roles for one brand colour (`#rrggbb`), light or dark, on an own canvas if one is given."""
    shades = DARK if dark else LIGHT
    colour = to_oklch(brand)
    neutral = Oklch(0, min(_TINT, colour.chroma * 0.25), colour.hue)
    if canvas:
        canvas = clamp_canvas(canvas, dark=dark)
        paper = to_oklch(canvas)
        neutral = Oklch(0, min(_TINT, paper.chroma), paper.hue)
    palette = _surfaces(neutral, shades, canvas)
    backs = [palette[name] for name in _SURFACES]
    palette |= _inks(neutral, shades, backs)
    palette |= _solid(brand, colour, neutral, shades, backs)
    palette |= _tints(colour, shades, backs)
    palette |= _statuses(shades, backs)
    palette |= _series(colour, shades, backs)
    return palette


def nearest_readable(ink: str, background: str, least: float) -> str:
    """The colour closest to `ink` in lightness, of the same hue, that has the contrast on `background`."""
    wanted = to_oklch(ink)
    found = [solve(wanted, [background], least, towards) for towards in (-1, 1)]
    readable = [one for one in found if contrast(one, background) >= least]
    return min(readable, key=lambda one: abs(to_oklch(one).lightness - wanted.lightness))


def hero(background: str, chosen_ink: str | None = None) -> Palette:
    """Text and accent for a background that a brand chose freely for its opening picture.

    A text colour that the brand chose as well is taken as it is: it was checked when it was chosen.
    """
    if chosen_ink:
        solved = hero(background)
        is_kept = contrast(chosen_ink, background) >= 4.5
        return solved | ({"hero-bg": background, "hero-ink": chosen_ink} if is_kept else {})
    paper = to_oklch(background)
    towards = -1 if contrast(_BLACK, background) >= contrast(_WHITE, background) else 1
    start = 0.30 if towards < 0 else 0.96
    ink = solve(Oklch(start, min(paper.chroma, 0.12), paper.hue), [background], 7.2, towards)
    accent = solve(Oklch(0.5 if towards < 0 else 0.8, 0.14, paper.hue), [background], 4.6, towards)
    safe = background
    if failures({"hero-bg": safe, "hero-ink": ink, "hero-accent": accent}, HERO_PAIRS):
        lightness = 0.80 if towards < 0 else 0.38  # a middle grey carries neither black nor white at 7:1
        return hero(from_oklch(lightness, paper.chroma, paper.hue))
    return {"hero-bg": safe, "hero-ink": ink, "hero-accent": accent}


def _surfaces(neutral: Oklch, shades: Shades, canvas: str | None) -> Palette:
    def grey(lightness: float, strength: float = 1.0) -> str:
        return from_oklch(lightness, neutral.chroma * strength, neutral.hue)

    if shades.is_dark:
        surfaces = {"canvas": grey(0.165, 1.2), "surface": grey(0.205, 1.2), "sunken": grey(0.135, 1.2)}
        surfaces["line"] = grey(0.32, 1.3)
    else:
        surfaces = {"canvas": grey(0.985, 0.6), "surface": _WHITE, "sunken": grey(0.962), "line": grey(0.905)}
    if canvas:
        surfaces["canvas"] = canvas
        if not shades.is_dark:
            surfaces["surface"] = grey(min(1.0, to_oklch(canvas).lightness + 0.018), 0.5)
    return surfaces


def _inks(neutral: Oklch, shades: Shades, backs: Sequence[str]) -> Palette:
    def solved(lightness: float, strength: float, least: float) -> str:
        return solve(Oklch(lightness, neutral.chroma * strength, neutral.hue), backs, least, shades.towards)

    return {
        "ink": solved(shades.ink, 1.0, 12),
        "ink-muted": solved(shades.muted, 1.6, 4.8),
        "line-strong": solved(shades.line_strong, 1.5, 3.1),
    }


def _solid(brand: str, colour: Oklch, neutral: Oklch, shades: Shades, backs: Sequence[str]) -> Palette:
    """The brand's own colour as a button, its label, and its states, which move away from the label."""
    solid = brand
    if shades.is_dark and contrast(brand, backs[1]) < 3:
        solid = solve(colour, backs, 3.1, 1)
    label = _label_on(solid, neutral)
    away = -1 if label == _WHITE else 1
    lightness = to_oklch(solid).lightness
    return {
        "brand": solid,
        "on-brand": label,
        "brand-hover": from_oklch(min(max(lightness + away * 0.045, 0.02), 0.985), colour.chroma, colour.hue),
        "brand-press": from_oklch(min(max(lightness + away * 0.08, 0.01), 0.99), colour.chroma, colour.hue),
        "brand-line": solve(colour, backs, 3.1, shades.towards),
    }


def _label_on(solid: str, neutral: Oklch) -> str:
    """White where it reads, else near-black, else black."""
    near_black = from_oklch(0.17, neutral.chroma, neutral.hue)
    for label, least in ((_WHITE, 4.5), (near_black, 4.6)):
        if contrast(label, solid) >= least:
            return label
    return _BLACK


def _tints(colour: Oklch, shades: Shades, backs: Sequence[str]) -> Palette:
    """Soft fills of the brand's hue, and the brand as text on every one of them."""
    soft = from_oklch(shades.soft[0], min(colour.chroma, shades.soft[1]), colour.hue)
    soft_2 = from_oklch(shades.soft_2[0], min(colour.chroma, shades.soft_2[1]), colour.hue)
    start = max(colour.lightness, 0.72) if shades.is_dark else min(colour.lightness, 0.55)
    wanted = colour._replace(lightness=start)
    ink = solve(wanted, [*backs, soft, soft_2], 4.6, shades.towards)
    return {"brand-soft": soft, "brand-soft-2": soft_2, "brand-ink": ink}


def _statuses(shades: Shades, backs: Sequence[str]) -> Palette:
    statuses = {}
    for name, hue in _STATUS_HUES.items():
        soft = from_oklch(shades.status_soft, 0.045, hue)
        statuses[f"{name}-soft"] = soft
        statuses[name] = solve(Oklch(shades.status, 0.13, hue), [*backs, soft], 4.6, shades.towards)
    return statuses


def _series(colour: Oklch, shades: Shades, backs: Sequence[str]) -> Palette:
    """Colours for charts: the brand, and three that stand apart from it in hue."""
    series = {}
    for number, (turn, lightness) in enumerate(_SERIES, start=1):
        start = colour.lightness if lightness is None else lightness
        wanted = Oklch(start, max(colour.chroma, 0.09), (colour.hue + turn) % 360)
        series[f"series-{number}"] = solve(wanted, backs, 3.1, shades.towards)
    return series


def from_logo(data: bytes) -> list[str]:
    """Up to six brand colours of an uploaded logo, the likeliest first. Raises UnreadableLogo."""
    return logo.colours_of(logo.open_logo(data))
