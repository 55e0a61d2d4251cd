"""Named places on pages, in letters and on paper that plugins may fill with a little HTML.

A slot costs nothing where no plugin that is on fills it. What comes back is sanitised as a shop's own texts are: no
script, no style, no foreign picture. A plugin that is late or fails leaves its slot empty and the page whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.core import frames, isolation
from app.core.text import safe_html
from app.platform.plugins import places, standing
from app.platform.plugins.calling import Failed, call

STOREFRONT, BACKOFFICE, MAIL, PAPER = "storefront", "back office", "mail", "paper"
_WRAPPED = Markup('<div class="slot" data-slot="{}">{}</div>')


@dataclass(frozen=True)
class Slot:
    """A place: where it stands, and what a plugin is told there. All values are texts and numbers."""

    surface: str
    stands: str
    told: dict[str, str]


_MONEY = {"currency": "ISO 4217 code of all amounts"}
_ORDER = {"number": "the order's number", "total": "what it comes to, in minor units", **_MONEY}

SLOTS: dict[str, Slot] = {
    "product.below_price": Slot(
        STOREFRONT, "On a product's page, below its price.",
        {"handle": "the product's name in addresses", "title": "its title", "price": "in minor units", **_MONEY},
    ),
    "cart.below_sums": Slot(
        STOREFRONT, "In the bag, below the sums.",
        {"count": "how many pieces are in it", "subtotal": "their value in minor units", **_MONEY},
    ),
    "shop.footer": Slot(STOREFRONT, "At the foot of every page of the shop.", {"path": "of the page that is shown"}),
    "order.below_summary": Slot(STOREFRONT, "On the page that buyers follow their order on, below its lines.", _ORDER),
    "home.below_figures": Slot(BACKOFFICE, "On the first page of staff, below the figures.", {"days": "of the period"}),
    "order.side": Slot(
        BACKOFFICE, "Beside an order, below the customer.", _ORDER | {"email": "of the buyer"},
    ),
    "mail.order_confirmation": Slot(MAIL, "In the letter that confirms an order, below its lines.", _ORDER),
    "invoice.below_lines": Slot(PAPER, "On an invoice, below its lines.", _ORDER),
}  # fmt: skip
_ON_KEPT_PAGES = frozenset(name for name, slot in SLOTS.items() if slot.surface == STOREFRONT)


def fill(name: str, **told: Any) -> Markup:
    """What the plugins of this shop put into a slot, each in a box of its own; nothing for most shops."""
    if isolation.tenant_or_none() is None:
        return Markup("")
    filling = standing.current().slots.get(name, ())
    return Markup("").join(_filled(name, plugin, work, told) for plugin, work in filling)


def kept_pages_depend_on() -> int:
    """What a kept page or piece with slots depends on beyond what it shows: 0 while no plugin fills one.

    What plugins show may come from their own tables: then a drawing is good for one version of the shop's pages.
    """
    frame = frames.current()
    if isolation.tenant_or_none() is None or frame is None or not standing.current().slots.keys() & _ON_KEPT_PAGES:
        return 0
    return frame.version + 1


def _filled(name: str, plugin: str, work: standing.SlotWork, told: dict[str, Any]) -> Markup:
    try:
        answer = call(plugin, places.SLOT, work, dict(told), answers=str)
    except Failed:
        return Markup("")
    html = safe_html(answer).strip()
    return _WRAPPED.format(name, Markup(html)) if html else Markup("")  # noqa: S704 - sanitised in the line above
