"""What staff type into the pages of the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.core.forms import MoneyField, Upload
from app.core.i18n import gettext, mark
from app.shop.catalog.schemas import Count, Line, Text, Title

Cursor = Annotated[str, msgspec.Meta(max_length=400)]
Words = Annotated[str, msgspec.Meta(max_length=4000)]
Short = Annotated[str, msgspec.Meta(max_length=500)]
Status = Literal["draft", "active", "archived"]


class ProductFilter(msgspec.Struct, forbid_unknown_fields=True):
    """State of the list of products, as it stands in the address."""

    status: Literal["", "draft", "active", "archived"] = ""
    q: Annotated[str, msgspec.Meta(max_length=100)] = ""
    collection: UUID | None = None
    stock: Literal["", "in", "low", "out"] = ""
    tag: Annotated[str, msgspec.Meta(max_length=200)] = ""
    vendor: Annotated[str, msgspec.Meta(max_length=200)] = ""
    sort: Literal["newest", "oldest", "title", "title_down", "price", "price_down"] = "newest"
    cursor: Cursor = ""


class BulkForm(msgspec.Struct, forbid_unknown_fields=True):
    """Ticked products, or all that the list shows, and what shall happen to them; `query` is the list's state."""

    action: Literal["active", "draft", "archived", "tag", "untag", "collect", "price", "delete"]
    products: Annotated[list[UUID], msgspec.Meta(max_length=200)] = []
    everything: bool = False
    query: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    tag_name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    shelf: UUID | None = None


class BulkPrices(msgspec.Struct, forbid_unknown_fields=True):
    """A change of many prices, first looked at and then made."""

    direction: Literal["up", "down"] = "down"
    percent: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    amount: MoneyField | None = None
    keeps_before: bool = False
    products: Annotated[list[UUID], msgspec.Meta(max_length=200)] = []
    everything: bool = False
    query: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    confirmed: bool = False

    def problems(self) -> dict[str, str]:
        """Either percent or an amount."""
        if bool(self.percent) is bool(self.amount):
            return {"percent": mark("Say by how many percent, or by which amount.")}
        if self.direction == "down" and (self.percent or 0) > 100:
            return {"percent": mark("A price can be lowered by at most 100 percent.")}
        return {}


class StatusForm(msgspec.Struct, forbid_unknown_fields=True):
    """One product's new status."""

    status: Status


class CreateProduct(msgspec.Struct, forbid_unknown_fields=True):
    """A new product with its first prices; the options make one variant for each combination."""

    title: Title
    price: MoneyField
    description: Text = ""
    compare_at: MoneyField | None = None
    sku: Line = ""
    barcode: Line = ""
    weight_grams: Count = 0
    on_hand: Count = 0
    tracks_stock: bool = False
    vendor: Line = ""
    kind: Line = ""
    tags: Words = ""
    status: Status = "draft"
    name_1: Line = ""
    values_1: Words = ""
    name_2: Line = ""
    values_2: Words = ""
    name_3: Line = ""
    values_3: Words = ""
    photo: Upload | None = None


class VariantRow(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the table of variants."""

    id: UUID
    price: MoneyField
    compare_at: MoneyField | None = None
    sku: Line = ""
    barcode: Line = ""
    weight_grams: Count = 0
    on_hand: Count = 0
    on_hand_seen: Count = 0
    tracks_stock: bool = False
    continue_selling: bool = False


class SaveProduct(msgspec.Struct, forbid_unknown_fields=True):
    """A product's words, place and variants, as its page sends them."""

    title: Title
    handle: Line = ""
    description: Text = ""
    vendor: Line = ""
    kind: Line = ""
    tags: Words = ""
    status: Status = "draft"
    seo_title: Line = ""
    seo_description: Short = ""
    collections: list[UUID] = []
    variants: list[VariantRow] = []

    def problems(self) -> dict[str, str]:
        """No SKU twice, and no price before that is lower than the price."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        for place, row in enumerate(self.variants):
            if row.sku and row.sku in seen:
                found[f"variants-{place}-sku"] = gettext("The SKU “%(sku)s” stands here twice.", sku=row.sku)
            seen.add(row.sku)
            if row.compare_at and row.compare_at <= row.price:
                found[f"variants-{place}-compare_at"] = gettext("The price before must be higher than the price.")
        return found


class OptionsForm(msgspec.Struct, forbid_unknown_fields=True):
    """In which ways a product varies: names, and values by comma."""

    name_1: Line = ""
    values_1: Words = ""
    name_2: Line = ""
    values_2: Words = ""
    name_3: Line = ""
    values_3: Words = ""


class UploadPictures(msgspec.Struct, forbid_unknown_fields=True):
    """Pictures chosen for a product, and what they show."""

    photos: list[Upload] = []
    alt: Short = ""

    def problems(self) -> dict[str, str]:
        """At least one, at most ten at once."""
        if not self.photos:
            return {"photos": gettext("Please choose a picture.")}
        return {"photos": gettext("Please choose at most ten pictures at once.")} if len(self.photos) > 10 else {}


class DescribePicture(msgspec.Struct, forbid_unknown_fields=True):
    """What a picture shows, and which variant."""

    alt: Short = ""
    variant_id: UUID | None = None


class MovePicture(msgspec.Struct, forbid_unknown_fields=True):
    """One place earlier or later."""

    step: Literal["-1", "1"]


class Arranged(msgspec.Struct, forbid_unknown_fields=True):
    """Ids in the order that somebody dragged them into."""

    order: Annotated[list[UUID], msgspec.Meta(max_length=1000)] = []


class CollectionPicture(msgspec.Struct, forbid_unknown_fields=True):
    """A collection's own picture; without one the first product's is shown."""

    photo: Upload


class NothingMore(msgspec.Struct, forbid_unknown_fields=True):
    """A button without fields."""


class CollectionForm(msgspec.Struct, forbid_unknown_fields=True):
    """A collection's words and state."""

    title: Title
    handle: Line = ""
    description: Text = ""
    status: Literal["draft", "active"] = "active"
    position: Count = 0
    seo_title: Line = ""
    seo_description: Short = ""


class MoveCollection(msgspec.Struct, forbid_unknown_fields=True):
    """One place up or down among the collections."""

    step: Literal["-1", "1"]


class AddToCollection(msgspec.Struct, forbid_unknown_fields=True):
    """Products to put behind the others."""

    products: Annotated[list[UUID], msgspec.Meta(max_length=200)] = []


class MoveInCollection(msgspec.Struct, forbid_unknown_fields=True):
    """Put one product elsewhere in a collection, or take it off."""

    product: UUID
    to: Literal["first", "earlier", "later", "off"]


class CollectionSearch(msgspec.Struct, forbid_unknown_fields=True):
    """Which products are offered to be added."""

    q: Annotated[str, msgspec.Meta(max_length=100)] = ""


class UploadFile(msgspec.Struct, forbid_unknown_fields=True):
    """A CSV of products."""

    file: Upload


class RowsFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which rows of an import are shown."""

    rows: Literal["problems", "all"] = "problems"
    cursor: Cursor = ""
