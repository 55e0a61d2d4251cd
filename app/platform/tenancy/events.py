"""Facts of tenancy that other rooms may react to."""

from dataclasses import dataclass

from app.core.events import Fact
from app.core.i18n import mark


@dataclass(frozen=True)
class ShopOpened(Fact, name="tenancy.shop_opened", version=1):
    """A new shop stands: its root row and every room's first rows are there."""

    slug: str
    name: str


@dataclass(frozen=True)
class ShopChanged(Fact, name="tenancy.shop_changed", version=1, tells=mark("The shop’s settings changed")):
    """Staff changed the shop's general settings; `fields` names what is different now."""

    fields: list[str]
