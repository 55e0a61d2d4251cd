"""Icons as inline SVG: Lucide's drawings (ISC licence, app/ui/icons/LICENSE), drawn in the text's own colour."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from app import settings

FOLDER = settings.ROOT / "app" / "ui" / "icons"
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon(name: str) -> Markup:
    """A decorative icon; the words beside it carry the meaning. An unknown name draws a circle."""
    file = FOLDER / f"{name}.svg"
    source = (file if name.replace("-", "").isalnum() and file.is_file() else FOLDER / "circle.svg").read_text()
    found = _DRAWING.search(source)
    assert found is not None
    drawing = " ".join(found.group(1).split())
    return Markup('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">%s</svg>') % Markup(drawing)  # noqa: S704 - our own file
