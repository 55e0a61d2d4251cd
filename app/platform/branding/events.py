"""Facts of the branding room."""

from dataclasses import dataclass

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class BrandPublished(Fact, name="branding.brand_published", version=1, tells=mark("A new look was published")):
    """Visitors see another look from now on: a new version, or an older one again."""

    number: int
    css_hash: str
