"""What the catalogue takes and what it hands out. Money is an integer in minor units of the shop's currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=100_000)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
ProductStatus = Literal["draft", "active", "archived"]
CollectionStatus = Literal["draft", "active"]
MOST_OPTIONS = 3


# --- commands -------------------------------------------------------------------------------------------------


class OptionIn(msgspec.Struct, forbid_unknown_fields=True):
    """One way in which a product varies, and its values in the order of the picker."""

    name: Title
    values: list[str] = []


class VariantIn(msgspec.Struct, forbid_unknown_fields=True):
    """One variant as it shall be. With `id` it changes that one, without it is new."""

    price: Amount
    options: list[str] = []
    id: UUID | None = None
    sku: Line = ""
    compare_at: Amount | None = None
    weight_grams: Count = 0
    barcode: Line = ""
    on_hand: Count = 0
    on_hand_seen: Count | None = None
    """The stock that the editor saw: only the difference is applied, so that a sale meanwhile is not undone."""
    tracks_stock: bool = True
    continue_selling: bool = False


class NewProduct(msgspec.Struct, forbid_unknown_fields=True):
    """A product as it shall be, for creating and for changing. An empty handle is made from the title."""

    title: Title
    variants: list[VariantIn]
    handle: Line = ""
    description_html: Text = ""
    vendor: Line = ""
    kind: Line = ""
    tags: list[str] = []
    status: ProductStatus = "draft"
    seo_title: Line = ""
    seo_description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    options: list[OptionIn] = []
    published_at: datetime | None = None
    is_sample: bool = False


class VariantWritten(msgspec.Struct, forbid_unknown_fields=True):
    """One variant as a program writes it. With `id` it changes that one, without it is new."""

    price: Amount
    options: list[Line] = []
    id: str | None = None
    sku: Line = ""
    compare_at: Amount | None = None
    weight_grams: Count = 0
    barcode: Line = ""
    on_hand: Count = 0
    tracks_stock: bool = True
    continue_selling: bool = False


class ProductWritten(msgspec.Struct, forbid_unknown_fields=True):
    """A product as a program writes it: what is left out is emptied. An empty handle is made from the title."""

    title: Title
    variants: Annotated[list[VariantWritten], msgspec.Meta(min_length=1, max_length=250)]
    handle: Line = ""
    description_html: Text = ""
    vendor: Line = ""
    kind: Line = ""
    tags: Annotated[list[Line], msgspec.Meta(max_length=100)] = []
    status: ProductStatus = "draft"
    seo_title: Line = ""
    seo_description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    options: list[OptionIn] = []


class StockWritten(msgspec.Struct, forbid_unknown_fields=True):
    """What was counted. With `seen`, only the difference to it is applied: what was sold meanwhile stays sold."""

    on_hand: Count
    seen: Count | None = None


class StockOut(msgspec.Struct):
    """What is there now."""

    variant_id: str
    on_hand: int


class NewImage(msgspec.Struct, forbid_unknown_fields=True):
    """A stored picture with its renditions, ready to hang on a product."""

    key: str
    width: int
    height: int
    renditions: list[dict[str, Any]]
    alt: Annotated[str, msgspec.Meta(max_length=500)] = ""
    source_url: str = ""
    variant_id: UUID | None = None


class NewCollection(msgspec.Struct, forbid_unknown_fields=True):
    """A collection as it shall be. An empty handle is made from the title."""

    title: Title
    handle: Line = ""
    description_html: Text = ""
    status: CollectionStatus = "active"
    position: Count = 0
    seo_title: Line = ""
    seo_description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    is_sample: bool = False


SORTS = ("featured", "newest", "price-up", "price-down", "title")


class ListingForm(msgspec.Struct, forbid_unknown_fields=True):
    """The filters of a collection or search page, all of them in its address."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    sort: str = ""
    available: str = ""
    price_min: str = ""
    price_max: str = ""
    vendor: list[str] = []
    kind: list[str] = []
    tag: list[str] = []
    option: list[str] = []
    """"Colour:Ink", one for each ticked value."""
    page: str = ""


class ProductChoice(msgspec.Struct, forbid_unknown_fields=True):
    """Which variant of a product page is shown."""

    variant: str = ""


class SearchForm(msgspec.Struct, forbid_unknown_fields=True):
    """What is being typed into the search field."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""


# --- what pages are made of -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """A picture with all its sizes; `key` is the one for browsers that know nothing newer."""

    key: str
    alt: str = ""
    width: int = 0
    height: int = 0
    renditions: list[dict[str, Any]] = field(default_factory=list)
    variant_id: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Swatch:
    """One value of a colour option; `hex` is empty where the name is no colour we know."""

    name: str
    hex: str


@dataclass(frozen=True)
class Card:
    """A product as it stands in a grid: the first variant that can be bought speaks for it."""

    product_id: UUID
    handle: str
    title: str
    subtitle: str
    price: int
    compare_at: int | None
    has_price_range: bool
    variant_id: UUID | None
    is_available: bool
    few_left: int | None
    is_new: bool
    image: Picture | None
    swatches: tuple[Swatch, ...] = ()

    @property
    def percent_off(self) -> int:
        """Whole percent under the compare-at price; 0 when there is none."""
        if not self.compare_at or self.compare_at <= self.price:
            return 0
        return round(100 * (self.compare_at - self.price) / self.compare_at)


@dataclass(frozen=True)
class FacetValue:
    """One tick box of a filter; `sent` is what its field sends, `is_more` that at least so many products have it."""

    value: str
    sent: str
    count: int
    is_chosen: bool
    is_more: bool = False


@dataclass(frozen=True)
class Facet:
    """One group of tick boxes: `name` as in ProductFacet, `label` for people, `field` in the address."""

    name: str
    label: str
    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Listing:
    """One page of products; there may be another one behind it."""

    cards: list[Card]
    page: int
    has_next: bool


@dataclass(frozen=True)
class ProductsWanted:
    """Which products a program lists; what is empty does not narrow."""

    status: str | None = None
    handle: str = ""
    vendor: str = ""
    tag: str = ""
    q: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    updated_since: datetime | None = None
    updated_before: datetime | None = None


@dataclass(frozen=True)
class SellableVariant:
    """A variant with all that a cart, a quote or an order line needs of it."""

    id: UUID
    product_id: UUID
    product_title: str
    handle: str
    title: str
    sku: str
    price: int
    compare_at: int | None
    weight_grams: int
    on_hand: int
    tracks_stock: bool
    continue_selling: bool
    image: Picture | None
    is_sellable: bool
    """Its product is active and at least one piece can be sold now."""

    def has_enough(self, quantity: int) -> bool:
        """This many can be sold now."""
        return self.is_sellable and (not self.tracks_stock or self.continue_selling or self.on_hand >= quantity)


@dataclass(frozen=True)
class VariantView:
    """A variant on its product's page."""

    id: UUID
    title: str
    options: tuple[str, ...]
    sku: str
    price: int
    compare_at: int | None
    barcode: str
    weight_grams: int
    on_hand: int
    tracks_stock: bool
    continue_selling: bool
    is_sellable: bool


@dataclass(frozen=True)
class ProductView:
    """A product with its variants and pictures, as its page and the API show it."""

    id: UUID
    handle: str
    title: str
    description_html: str
    vendor: str
    kind: str
    tags: list[str]
    status: str
    seo_title: str
    seo_description: str
    options: list[dict[str, Any]]
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    variants: tuple[VariantView, ...]
    images: tuple[Picture, ...]
    collection_handle: str = ""
    collection_title: str = ""
    collection_id: UUID | None = None

    def variant_or_first(self, variant_id: UUID | None) -> VariantView:
        """The chosen variant; else the first that can be bought, else the first."""
        chosen = next((v for v in self.variants if v.id == variant_id), None)
        return chosen or next((v for v in self.variants if v.is_sellable), self.variants[0])


# --- the API ---------------------------------------------------------------------------------------------------


class ImageOut(msgspec.Struct):
    """A picture of a product; `url` is absolute, `variant_id` names the variant that it shows."""

    id: str
    url: str
    alt: str
    width: int
    height: int
    variant_id: str | None = None


class VariantOut(msgspec.Struct):
    """A variant; `price` and `compare_at` in minor units of `currency`."""

    id: str
    product_id: str
    title: str
    options: list[str]
    sku: str
    barcode: str
    price: int
    compare_at: int | None
    currency: str
    weight_grams: int
    on_hand: int
    tracks_stock: bool
    continue_selling: bool
    is_sellable: bool


class ProductOut(msgspec.Struct):
    """A product with its variants and pictures."""

    id: str
    handle: str
    title: str
    description_html: str
    vendor: str
    kind: str
    tags: list[str]
    status: str
    seo_title: str
    seo_description: str
    options: list[dict[str, Any]]
    url: str
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    variants: list[VariantOut]
    images: list[ImageOut]
