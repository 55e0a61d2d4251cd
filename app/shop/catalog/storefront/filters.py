"""From the address of a grid to what it shows, and back to the addresses of its links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from app.core import money
from app.core.i18n import gettext, mark, ngettext, said
from app.platform.tenancy.queries import current_shop
from app.shop.catalog.queries import Facets, Match, Narrowing
from app.shop.catalog.queries.listing import MOST_PAGES, PAGE_SIZE
from app.shop.catalog.schemas import SORTS, Listing, ListingForm
from app.ui.context import format_number

SORT_NAMES = {
    "featured": mark("Featured"),
    "newest": mark("Newest"),
    "price-up": mark("Price, low to high"),
    "price-down": mark("Price, high to low"),
    "title": mark("Name"),
}
_LISTS = ("vendor", "kind", "tag", "option")


@dataclass(frozen=True)
class Chip:
    """A filter in use, with the address of the page without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Grid:
    """All that the template of a grid needs."""

    path: str
    form: ListingForm
    listing: Listing
    facets: Facets
    problems: dict[str, str]

    @property
    def sort(self) -> str:
        """The sort order in use."""
        return self.form.sort if self.form.sort in SORTS else "featured"

    @property
    def narrowed_by(self) -> ListingForm:
        """All that the address says but the number of the page."""
        return msgspec.structs.replace(self.form, page="")

    @property
    def sorts(self) -> dict[str, str]:
        """The orders on offer; a search calls its own "best match"."""
        return said(SORT_NAMES) | ({"featured": gettext("Best match")} if self.form.q else {})

    @property
    def address(self) -> str:
        """This page's own address, without empty fields."""
        return self._with()

    @property
    def cleared(self) -> str:
        """The address without any filter; what was searched stays."""
        return self.path + (f"?{urlencode({'q': self.form.q})}" if self.form.q else "")

    @property
    def earlier(self) -> str:
        """The page before, or nothing."""
        return self._with(page=self.listing.page - 1) if self.listing.page > 1 else ""

    @property
    def later(self) -> str:
        """The next page, or nothing."""
        return self._with(page=self.listing.page + 1) if self.listing.has_next else ""

    @property
    def pages(self) -> int:
        """How many pages there are; 0 where nobody counted all products."""
        return 0 if self.facets.is_more else min(max(1, -(-self.facets.total // PAGE_SIZE)), MOST_PAGES)

    @property
    def amount(self) -> str:
        """ "1 product", "48 products", "2,000+ products"."""
        total = self.facets.total
        if self.facets.is_more:
            return gettext("%(total)s+ products", total=format_number(total))
        return ngettext("%(num)s product", "%(num)s products", total, num=format_number(total))

    def page(self, number: int) -> str:
        """The address of a page of this grid."""
        return self._with(page=number)

    @property
    def chips(self) -> list[Chip]:
        """Every filter in use."""
        found = [
            Chip(value.partition(":")[2] if name == "option" else value, self._without(name, value))
            for name in _LISTS
            for value in getattr(self.form, name)
        ]
        if self.form.available:
            found.append(Chip(gettext("In stock"), self._with(available="", page=1)))
        if self.form.price_min and "price_min" not in self.problems:
            found.append(Chip(gettext("From %(price)s", price=self.form.price_min), self._with(price_min="", page=1)))
        if self.form.price_max and "price_max" not in self.problems:
            found.append(Chip(gettext("Up to %(price)s", price=self.form.price_max), self._with(price_max="", page=1)))
        return found

    def _without(self, name: str, value: str) -> str:
        return self._with(**{name: [one for one in getattr(self.form, name) if one != value]}, page=1)

    def _with(self, **changes: object) -> str:
        names = ("q", "sort", "available", "price_min", "price_max", *_LISTS)
        fields = {name: getattr(self.form, name) for name in names} | {"page": self.listing.page} | changes
        if fields["page"] == 1:
            del fields["page"]
        if fields["sort"] == "featured":
            del fields["sort"]
        query = urlencode({name: value for name, value in fields.items() if value}, doseq=True)
        return f"{self.path}?{query}" if query else self.path


def narrowing(
    form: ListingForm, *, collection_id: UUID | None = None, matches: list[Match] | None = None
) -> tuple[Narrowing, dict[str, str]]:
    """What the address asks for, and a sentence for each field that could not be read."""
    problems: dict[str, str] = {}
    lowest, highest = (_amount(form, name, problems) for name in ("price_min", "price_max"))
    if lowest is not None and highest is not None and lowest > highest:
        problems["price_max"] = gettext("The highest price is below the lowest.")
        highest = None
    wanted = Narrowing(
        collection_id=collection_id,
        matches=matches,
        available=bool(form.available),
        price_min=lowest,
        price_max=highest,
        choices=_choices(form),
        sort=form.sort,
        page=int(form.page) if form.page.isascii() and form.page.isdigit() and len(form.page) < 6 else 1,
    )
    return wanted, problems


def _choices(form: ListingForm) -> dict[str, set[str]]:
    choices: dict[str, set[str]] = {}
    for name in ("vendor", "kind", "tag"):
        if getattr(form, name):
            choices[name] = set(getattr(form, name)[:50])
    for ticked in form.option[:50]:
        name, colon, value = ticked.partition(":")
        if colon and name and value:
            choices.setdefault(f"option:{name}", set()).add(value)
    return choices


def _amount(form: ListingForm, name: str, problems: dict[str, str]) -> int | None:
    typed = getattr(form, name)
    if not typed:
        return None
    shop = current_shop()
    try:
        return money.parse(typed, shop.currency, shop.locale)
    except ValueError as problem:
        problems[name] = str(problem)
        return None
