"""Pictures as bytes: decoded, turned upright, stripped of what the camera knew, encoded again in our pages' sizes.

Nothing that a stranger uploaded is ever stored or served as it came: what is kept was written by our own encoder.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core import storage
from app.core.errors import DomainError
from app.core.i18n import gettext
from app.core.later import later

WIDTHS = (160, 320, 480, 720, 960, 1440)
"""From the thumbnail in the cart to a gallery on a large screen. A picture is never blown up."""

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
STEEPEST_RATIO = 20
KIND = "images"

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")


def _with_a_limit(pixels: Any) -> None:
    pixels.MAX_IMAGE_PIXELS = MOST_PIXELS


if TYPE_CHECKING:
    from PIL import Image as Pixels
    from PIL import ImageCms, ImageOps
else:
    Pixels = later("PIL.Image", then=_with_a_limit)
    ImageCms, ImageOps = later("PIL.ImageCms"), later("PIL.ImageOps")


class PictureRefused(DomainError):
    """The bytes are no picture that we can use."""

    code, message, status = "picture_refused", "{reason}", 422


@dataclass(frozen=True)
class StoredPicture:
    """A picture after it was kept: the key of its master copy, its size in pixels and its renditions so far."""

    key: str
    width: int
    height: int
    renditions: list[dict[str, Any]]


def keep(data: bytes) -> StoredPicture:
    """Store the master copy and the WebP renditions of an uploaded picture; AVIF follows in a job because it is slow.

    Raises PictureRefused with a sentence for anything that is not a JPEG, PNG, WebP, AVIF or GIF of sane size.
    """
    picture = decoded(data)
    key = _kept_master(picture)
    return StoredPicture(key, picture.width, picture.height, _encoded_in_all_widths(picture, "webp"))


def more_renditions(key: str) -> list[dict[str, Any]]:
    """Encode the AVIF renditions of a picture from its master copy and store them."""
    with Pixels.open(io.BytesIO(storage.read(key))) as picture:
        picture.load()
        return _encoded_in_all_widths(picture, "avif")


def decoded(data: bytes) -> Pixels.Image:
    """The picture upright, in sRGB, at most LONGEST_SIDE long, its first frame only and without metadata."""
    if len(data) > MOST_BYTES:
        raise PictureRefused(
            reason=gettext("The picture is larger than %(most_bytes)s MB.", most_bytes=MOST_BYTES // 1024 // 1024)
        )
    try:
        with Pixels.open(io.BytesIO(data), formats=_FORMATS) as source:
            _refuse_odd_sizes(*source.size)
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(source)
            return _shrunk(_in_srgb(upright))
    except Pixels.DecompressionBombError:
        raise PictureRefused(reason=_too_many_pixels()) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError):
        reason = gettext("This file could not be read as a picture. Please use JPEG, PNG, WebP, AVIF or GIF.")
        raise PictureRefused(reason=reason) from None


def widths_for(width: int) -> list[int]:
    """The widths a picture is offered in: ours below its own, then its own."""
    return sorted({each for each in WIDTHS if each < width} | {min(width, WIDTHS[-1])})


def _refuse_odd_sizes(width: int, height: int) -> None:
    """Read from the header, before one pixel is decoded."""
    if width * height > MOST_PIXELS:
        raise PictureRefused(reason=_too_many_pixels())
    if max(width, height) > STEEPEST_RATIO * min(width, height):
        raise PictureRefused(
            reason=gettext(
                "The picture is more than %(steepest_ratio)s times as long as it is wide.",
                steepest_ratio=STEEPEST_RATIO,
            )
        )


def _too_many_pixels() -> str:
    return gettext("The picture has more than %(most_pixels)s million pixels.", most_pixels=MOST_PIXELS // 1000000)


def _in_srgb(picture: Pixels.Image) -> Pixels.Image:
    """Browsers take a picture without a profile for sRGB, so colours are converted before the profile goes."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = "RGB" if picture.mode == "CMYK" else picture.mode
            picture = (
                ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=target) or picture
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is no reason to refuse a picture
    return picture.convert(mode)


def _shrunk(picture: Pixels.Image) -> Pixels.Image:
    """A copy that carries pixels only, at most LONGEST_SIDE long."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pixels.Resampling.LANCZOS)
    plain = Pixels.new(picture.mode, picture.size)
    plain.paste(picture)
    return plain


def _kept_master(picture: Pixels.Image) -> str:
    """JPEG, which everything reads; WebP where the picture has transparency."""
    suffix = "webp" if picture.mode == "RGBA" else "jpg"
    options = (
        {"quality": 90, "method": 4} if suffix == "webp" else {"quality": 90, "optimize": True, "progressive": True}
    )
    return storage.put(_encoded(picture, suffix, **options), suffix=suffix, kind=KIND)


def _encoded_in_all_widths(picture: Pixels.Image, suffix: str) -> list[dict[str, Any]]:
    options = {"webp": {"quality": 80, "method": 2}, "avif": {"quality": 60, "speed": 9}}[suffix]
    return [_rendition(picture, width, suffix, options) for width in widths_for(picture.width)]


def _rendition(picture: Pixels.Image, width: int, suffix: str, options: dict[str, int]) -> dict[str, Any]:
    height = max(1, round(picture.height * width / picture.width))
    resized = picture.resize((width, height), Pixels.Resampling.LANCZOS) if width != picture.width else picture
    key = storage.put(_encoded(resized, suffix, **options), suffix=suffix, kind=KIND)
    return {"width": width, "height": height, "format": suffix, "key": key}


def _encoded(picture: Pixels.Image, suffix: str, **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, format={"jpg": "JPEG"}.get(suffix, suffix.upper()), **options)
    return written.getvalue()
