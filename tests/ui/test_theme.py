"""Tokens in, a style sheet out."""

import re
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from app import settings
from app.core.errors import InvalidInput
from app.ui import fonts, theme
from app.ui.theme import BrandTokens, Theme, css_for

REFERENCE = (settings.ROOT / "docs" / "reference" / "brand-tokens.md").read_text()


def test_an_empty_table_is_a_presentable_brand():
    tokens = BrandTokens.from_toml("")

    assert tokens == BrandTokens()
    assert "--brand: #2f5d50;" in css_for(tokens)


def test_tokens_survive_the_way_through_toml():
    tokens = BrandTokens(colour="#a8492a", mode="auto", radius=22, words={"bag": "Basket"}, hero_colour="#fbe0e9")

    assert BrandTokens.from_toml(tokens.to_toml()) == tokens


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"colour": "red"}, "colour"),
        ({"colour": "#12345"}, "colour"),
        ({"canvas": "#fff;}body{display:none"}, "canvas"),
        ({"radius": 99}, "radius"),
        ({"mode": "sepia"}, "mode"),
        ({"font_pair": "comic"}, "font_pair"),
        ({"words": {"nonsense": "x"}}, "words"),
        ({"words": {"bag": "x" * 61}}, "words"),
        ({"css": "body{}"}, ""),
    ],
)
def test_a_value_outside_its_list_is_refused_by_the_name_of_its_key(values, key):
    with pytest.raises(InvalidInput) as refusal:
        BrandTokens.from_table(values)

    assert list(refusal.value.errors) == [key]


def test_the_style_sheet_holds_nothing_but_declarations_of_our_own():
    css = css_for(BrandTokens(colour="#c8f03c", mode="dark", hero_colour="#112233", words={"bag": "}</style><script>"}))

    assert "script" not in css
    assert "url(" not in css
    assert "@import" not in css
    declarations = re.findall(r"^\s+([\w-]+): [^;{}]+;$", css, re.MULTILINE)
    assert set(declarations) - {"color-scheme"} == {name for name in declarations if name.startswith("--")}


def test_plain_hex_stands_before_light_dark_for_older_browsers():
    css = css_for(BrandTokens())

    assert css.index("--canvas: #") < css.index("@supports (color: light-dark(#000, #fff))") < css.index("light-dark(#")


def test_a_pill_shaped_brand_leaves_the_back_office_as_it_is():
    css = css_for(BrandTokens(radius=28))

    shape = css[css.rindex(":root:not([data-app])") :]
    assert "--radius-control: 999px" in shape
    assert "--radius" not in css.removesuffix(shape)


def test_a_dark_brand_is_dark_in_browsers_without_light_dark_too():
    css = css_for(BrandTokens(mode="dark")).split("@supports")[0]

    canvases = re.findall(r"--canvas: (#\w{6});", css)
    assert len(canvases) == 2
    assert canvases[0] > "#f00000" > "#300000" > canvases[1]


def test_the_same_tokens_give_the_same_file_name_and_others_another():
    one, same, other = Theme("A"), Theme("B"), Theme("A", BrandTokens(colour="#a8492a"))

    assert one.css_url == same.css_url != other.css_url


def test_mail_colours_are_plain_hex():
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in Theme("A").mail_colours.values())


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Kiln & Kin", "KK"), ("Northfall", "N"), ("42 birds", "4B"), ("", "•"), ("  ", "•"), ("Été", "É")],
)
def test_a_shop_without_a_logo_has_initials(name, initials):
    assert Theme(name).initials == initials


def test_an_icon_gets_another_address_when_it_would_look_different():
    before = Theme("Kiln").icon_url("32.png")

    assert Theme("Kiln", BrandTokens(words={"bag": "Basket"})).icon_url("32.png") == before
    assert Theme("Kiln", BrandTokens(colour="#123456")).icon_url("32.png") != before
    assert Theme("Other").icon_url("32.png") != before


def test_every_token_word_and_choice_is_in_the_reference():
    for one in msgspec.structs.fields(BrandTokens):
        assert f"| `{one.name}` |" in REFERENCE, one.name
    for key, word in theme.DEFAULT_WORDS.items():
        assert f"| `{key}` | {word} |" in REFERENCE
    for hint in get_type_hints(BrandTokens).values():
        if get_origin(hint) is Literal:
            assert all(f"`{choice}`" in REFERENCE for choice in get_args(hint)), hint


def test_every_font_pair_has_its_files_and_the_editor_a_sample_of_it():
    sheet = Path(settings.ROOT / "static/css/editor.css").read_text()
    for key, pair in fonts.PAIRS.items():
        assert f".font-{key} b" in sheet
        assert all((settings.ROOT / "static" / file).is_file() for file in pair.files)


def test_a_look_that_needs_no_database_is_known_by_its_name():
    for one in (theme.PLATFORM, theme.NEUTRAL, Theme("any new shop")):
        assert theme.known_css(one.css_hash) == one.css
    assert theme.known_css("0" * 24) is None
