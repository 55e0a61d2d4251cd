"""Facts of the branding room."""

from dataclasses import dataclass

from app.core.events import Fact


@dataclass(frozen=True)
class BrandPublished(Fact, name="branding.brand_published"):
    """Visitors see another look from now on: a new version, or an older one again."""

    number: int
    css_hash: str
