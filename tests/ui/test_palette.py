"""Whatever colour a brand has, everything stays readable."""

import random

import pytest

from app.ui import palette
from app.ui.colour import from_oklch, to_oklch

EXTREMES = (
    "#000000", "#ffffff", "#808080", "#777777", "#767676", "#7f7f00", "#ff0000", "#00ff00",
    "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#f5f5f5", "#0a0a0a", "#ff7f00", "#c6f135",
    "#b4532a", "#6d3bf5", "#e5348b", "#123456", "#fedcba", "#010000",
)  # fmt: skip
COLOURS = 10_000


def brands(count: int, seed: int = 7) -> list[str]:
    chance = random.Random(seed)
    return [*EXTREMES, *(f"#{chance.randrange(1 << 24):06x}" for _ in range(count - len(EXTREMES)))]


def unreadable(brand: str, *, canvas: str | None = None) -> list[palette.Failure]:
    schemes = (palette.scheme(brand, canvas=canvas), palette.scheme(brand, dark=True, canvas=canvas))
    return [failure for scheme in schemes for failure in palette.failures(scheme)]


@pytest.mark.parametrize("part", range(4))
def test_every_pair_is_readable_for_ten_thousand_brand_colours(part):
    failing = {brand: found for brand in brands(COLOURS)[part::4] if (found := unreadable(brand))}

    assert failing == {}


def test_every_pair_is_readable_on_any_page_background_too():
    chance = random.Random(11)
    canvases = [f"#{chance.randrange(1 << 24):06x}" for _ in range(500)]

    failing = [pair for pair in zip(brands(500, seed=3), canvases, strict=True) if unreadable(pair[0], canvas=pair[1])]

    assert failing == []


def test_text_on_a_freely_chosen_hero_background_is_readable():
    failing = [one for one in brands(1500) if palette.failures(palette.hero(one), palette.HERO_PAIRS)]

    assert failing == []


def test_a_solver_that_stops_too_early_is_found_out(monkeypatch):
    """The negative control: with roles picked instead of solved, the same check fails."""
    monkeypatch.setattr(palette, "solve", lambda wanted, *_: from_oklch(*wanted))

    failing = [brand for brand in brands(60) if unreadable(brand)]

    assert len(failing) > 50


def test_a_readable_brand_colour_is_kept_as_it_is():
    assert palette.scheme("#a8492a")["brand"] == "#a8492a"
    assert palette.scheme("#c8f03c", dark=True)["brand"] == "#c8f03c"


def test_a_page_background_of_middling_lightness_is_moved_and_keeps_its_hue():
    light, dark = palette.clamp_canvas("#9a7b6c", dark=False), palette.clamp_canvas("#9a7b6c", dark=True)

    assert to_oklch(light).lightness >= palette.DARKEST_LIGHT_CANVAS
    assert to_oklch(dark).lightness <= palette.LIGHTEST_DARK_CANVAS
    assert abs(to_oklch(light).hue - to_oklch("#9a7b6c").hue) < 8


def test_the_label_on_a_button_is_white_where_white_reads_and_dark_where_it_does_not():
    assert palette.scheme("#1f4fd8")["on-brand"] == "#ffffff"
    assert palette.scheme("#ffe14d")["on-brand"] not in {"#ffffff", "#ffe14d"}
