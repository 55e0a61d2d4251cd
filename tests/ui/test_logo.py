"""Logos come in as anything and go out as pictures of ours."""

import io

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from app.ui import logo, palette
from app.ui.colour import to_oklch


def picture(mode="RGBA", size=(300, 120), background=(0, 0, 0, 0)):
    return Image.new(mode, size, background)


def two_coloured():
    image = picture()
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, 220, 110), fill="#a8492a")
    draw.ellipse((230, 20, 290, 80), fill="#2a6aa8")
    draw.rectangle((0, 0, 6, 119), fill="#3a3a3a")
    return image


def encoded(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def hues(colours):
    return [round(to_oklch(colour).hue) for colour in colours]


def test_the_largest_colour_of_a_logo_comes_first_and_greys_do_not_count():
    found = palette.from_logo(encoded(two_coloured()))

    assert found[0] == "#a8492a"
    assert "#2a6aa8" in found
    assert all(to_oklch(colour).chroma > 0.02 for colour in found)


def test_the_same_logo_gives_the_same_colours_every_time():
    data = encoded(two_coloured())

    assert palette.from_logo(data) == palette.from_logo(data)


def test_a_logo_in_black_and_white_has_no_brand_colour():
    image = picture(background=(255, 255, 255, 255))
    ImageDraw.Draw(image).rectangle((0, 0, 100, 100), fill="#111111")

    assert palette.from_logo(encoded(image)) == []


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"not a picture at all", "no PNG"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (encoded(two_coloured())[:200], "damaged"),
        (b"x" * (logo.MOST_BYTES + 1), "larger"),
        (b"%PDF-1.7 something", "no PNG"),
    ],
)
def test_what_is_no_picture_is_refused_with_one_sentence(data, word):
    with pytest.raises(logo.UnreadableLogo) as refusal:
        logo.open_logo(data)

    sentence = refusal.value.errors["logo"]
    assert word in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("side", [5000, 12_000])
def test_a_picture_that_unpacks_to_too_many_pixels_is_never_unpacked(side):
    bomb = encoded(Image.new("1", (side, side)))

    assert len(bomb) < 40_000
    with pytest.raises(logo.UnreadableLogo) as refusal:
        logo.open_logo(bomb)

    assert "too many pixels" in refusal.value.errors["logo"]


def test_what_hides_beside_the_picture_is_gone_after_it_is_drawn_again():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert('hidden')</script>")
    data = encoded(two_coloured(), pnginfo=notes) + b"<?php hidden ?>"

    clean = logo.as_png(logo.open_logo(data))

    assert b"hidden" in data
    assert b"hidden" not in clean


def test_a_large_logo_is_made_as_small_as_a_page_needs():
    assert max(logo.open_logo(encoded(picture(size=(4000, 1000)))).size) == logo.LONGEST_SIDE


@pytest.mark.parametrize("initials", ["K", "KK", "É", "東"])
def test_an_icon_of_the_initials_is_square_and_in_the_brands_colour(initials):
    icon = Image.open(io.BytesIO(logo.icon(192, "#a8492a", "#ffffff", initials)))

    assert icon.size == (192, 192)
    assert icon.getpixel((3, 3)) == (0xA8, 0x49, 0x2A)
    assert len(icon.getcolors(40_000)) > 1


def test_a_maskable_icon_keeps_the_logo_inside_the_circle():
    icon = Image.open(
        io.BytesIO(logo.icon(512, "#ffffff", "#000000", "", picture(background=(200, 0, 0, 255)), safe=True))
    )

    box = icon.convert("L").point(lambda value: 255 if value < 200 else 0).getbbox()
    assert box is not None
    assert min(box[0], box[1]) >= 512 * 0.2
    assert max(box[2], box[3]) <= 512 * 0.8
