"""Pictures: what is taken, what is made of it, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image as Pixels

from app.core import db, storage
from app.core.access import system_actor
from app.shop.catalog import images, queries, renditions
from app.shop.catalog.renditions import PictureRefused

STAFF = system_actor("tests")


def encoded(size=(1000, 600), form="JPEG", mode="RGB", **options) -> bytes:
    drawn = io.BytesIO()
    Pixels.new(mode, size, (180, 90, 40, 120)[: len(mode)]).save(drawn, form, **options)
    return drawn.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny file whose header promises a huge picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_picture_is_kept_in_sensible_widths_and_never_blown_up(in_shop):
    stored = renditions.keep(encoded((1000, 600)))

    assert [one["width"] for one in stored.renditions] == [160, 320, 480, 720, 960, 1000]
    assert {one["format"] for one in stored.renditions} == {"webp"}
    assert stored.key.endswith(".jpg")
    for one in stored.renditions:
        with Pixels.open(io.BytesIO(storage.read(one["key"]))) as picture:
            assert picture.size == (one["width"], one["height"])


@pytest.mark.parametrize(("width", "widths"), [(90, [90]), (160, [160]), (1440, [160, 320, 480, 720, 960, 1440]),
                                               (2000, [160, 320, 480, 720, 960, 1440])])  # fmt: skip
def test_the_widest_rendition_is_the_picture_itself_up_to_1440(width, widths):
    assert renditions.widths_for(width) == widths


def test_the_cameras_orientation_is_applied_and_its_words_are_dropped(in_shop):
    exif = Pixels.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    stored = renditions.keep(encoded((400, 200), exif=exif))

    assert (stored.width, stored.height) == (200, 400)
    with Pixels.open(io.BytesIO(storage.read(stored.key))) as picture:
        assert dict(picture.getexif()) == {}
        assert b"taken at home" not in storage.read(stored.key)


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "RGB"), ("AVIF", "RGB"), ("JPEG", "CMYK")]
)
def test_the_usual_formats_are_taken(in_shop, form, mode):
    stored = renditions.keep(encoded((64, 80), form, mode))

    assert stored.key.endswith(".webp" if mode == "RGBA" else ".jpg")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "could not be read"),
        (b"GIF89a and then nonsense", "could not be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "could not be read"),
        (encoded()[:400], "could not be read"),
        (encoded(form="BMP"), "could not be read"),
        (png_that_claims(60_000, 60_000), "million pixels"),
        (png_that_claims(9_000, 9_000), "million pixels"),
        (png_that_claims(30_000, 100), "times as long"),
        (b"x" * (renditions.MOST_BYTES + 1), "larger than 15 MB"),
    ],
    ids=["empty", "broken", "svg", "cut", "bmp", "bomb", "large", "ribbon", "heavy"],
)
def test_what_is_no_sane_picture_is_refused_in_one_sentence(in_shop, data, said):
    with pytest.raises(PictureRefused) as refusal:
        renditions.keep(data)

    assert said in refusal.value.sentence


def test_the_same_picture_hangs_on_a_product_once(in_shop, make_product):
    product = make_product()

    images.add(product.id, encoded(), by=STAFF)
    images.add(product.id, encoded(), by=STAFF)

    assert len(queries.images_of(product.id)) == 1


def test_a_job_adds_avif_and_repeating_it_changes_nothing(in_shop, make_product, run_jobs):
    product = make_product()
    image = images.add(product.id, encoded((300, 300)), by=STAFF)
    db.checkpoint()
    run_jobs()
    db.session.expire_all()

    made = queries.images_of(product.id)[0].renditions
    assert sorted({one["format"] for one in made}) == ["avif", "webp"]
    images.complete(product.id, image.id)
    assert queries.images_of(product.id)[0].renditions == made


def test_a_picture_that_is_gone_is_no_error_for_the_job(in_shop, make_product):
    product = make_product()

    images.complete(product.id, product.id)

    assert queries.images_of(product.id) == []
