"""The square code that a phone reads."""

from typing import TYPE_CHECKING

from app.core.later import later

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")


def picture(text: str) -> str:
    """A square code as the address of a picture, an SVG of its own, dark on white in every colour scheme."""
    address: str = segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    return address
