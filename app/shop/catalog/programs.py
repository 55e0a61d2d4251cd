"""What programs send to the catalogue and read from it, beside products themselves (schemas.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from app.core.forms import Upload
from app.core.i18n import gettext
from app.core.rest import Dated, Paging, Synced
from app.shop.catalog.schemas import (
    Amount,
    CollectionStatus,
    Count,
    ImageOut,
    Line,
    OptionIn,
    ProductStatus,
    Text,
    Title,
)

Id = Annotated[str, msgspec.Meta(max_length=90)]
Ids = Annotated[list[Id], msgspec.Meta(max_length=1000)]
Words = Annotated[str, msgspec.Meta(max_length=500)]
MOST_AT_ONCE = 200


class StatusWritten(msgspec.Struct, forbid_unknown_fields=True):
    """On sale, a draft, or archived."""

    status: ProductStatus


class OptionsWritten(msgspec.Struct, forbid_unknown_fields=True):
    """In which ways a product varies; every combination of values becomes a variant."""

    options: Annotated[list[OptionIn], msgspec.Meta(max_length=3)]

    def problems(self) -> dict[str, str]:
        """Options have different names, and at least one value each."""
        names = [option.name.strip().lower() for option in self.options]
        found = {
            f"options[{place}].values": gettext("Name at least one value for %(name)s.", name=option.name)
            for place, option in enumerate(self.options)
            if not [value for value in option.values if value.strip()]
        }
        if len(set(names)) < len(names):
            found["options"] = gettext("Two options have the same name.")
        return found


class VariantChanged(msgspec.Struct, forbid_unknown_fields=True):
    """A variant as it shall be: what is left out is emptied, but for its stock, which then stays."""

    price: Amount
    options: list[Line] = []
    sku: Line = ""
    compare_at: Amount | None = None
    weight_grams: Count = 0
    barcode: Line = ""
    on_hand: Count | None = None
    tracks_stock: bool = True
    continue_selling: bool = False


class StockFilter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which variants' stock to list, in the order of their ids."""

    sku: Line = ""
    product_id: Id = ""
    at_most: Count | None = None
    """Only counted variants of which so many or fewer are left."""
    updated_since: datetime | None = None
    updated_before: datetime | None = None


class StockLevel(msgspec.Struct):
    """How many pieces of a variant are there; `owed` were sold beyond that."""

    variant_id: str
    product_id: str
    sku: str
    on_hand: int
    owed: int
    tracks_stock: bool
    continue_selling: bool
    updated_at: datetime


class StockMove(msgspec.Struct, forbid_unknown_fields=True):
    """Pieces that came in (positive) or went out (negative) otherwise than by a sale."""

    by: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
    reason: Line = ""

    def problems(self) -> dict[str, str]:
        """Nothing is no movement."""
        return {} if self.by else {"by": gettext("Say how many pieces came in or went out.")}


class ImageUpload(msgspec.Struct, forbid_unknown_fields=True):
    """A picture: JPEG, PNG, WebP, AVIF or GIF, at most 15 MB; `alt` says what it shows."""

    file: Upload
    alt: Words = ""
    variant_id: Id = ""


class ImageChanged(msgspec.Struct, forbid_unknown_fields=True):
    """What a picture shows, and which variant."""

    alt: Words = ""
    variant_id: Id | None = None


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """Ids in their new order; what is not named follows."""

    ids: Ids


class ImagesOut(msgspec.Struct):
    """The pictures of a product; the first one stands for it."""

    data: list[ImageOut]


class CollectionFilter(Synced, forbid_unknown_fields=True, kw_only=True):
    """Which collections to list, in the shop's order or as `sort` says."""

    status: CollectionStatus | None = None
    handle: Line = ""
    sort: Literal["position", "-position", "created_at", "-created_at", "updated_at", "-updated_at"] = "position"


class CollectionWritten(msgspec.Struct, forbid_unknown_fields=True):
    """A collection as it shall be: what is left out is emptied. An empty handle is made from the title."""

    title: Title
    handle: Line = ""
    description_html: Text = ""
    status: CollectionStatus = "active"
    position: Count = 0
    seo_title: Line = ""
    seo_description: Words = ""


class CollectionOut(msgspec.Struct):
    """A shelf of products; `url` is its page, `image_url` its own picture."""

    id: str
    handle: str
    title: str
    description_html: str
    status: str
    position: int
    seo_title: str
    seo_description: str
    products_count: int
    image_url: str | None
    url: str
    created_at: datetime
    updated_at: datetime


class ProductsOfCollection(msgspec.Struct, forbid_unknown_fields=True):
    """The products of a collection, in their order."""

    product_ids: Ids


class ManyProducts(msgspec.Struct, forbid_unknown_fields=True):
    """One change to many products. `tag` belongs to tag and untag, `collection_id` to collect."""

    action: Literal["activate", "draft", "archive", "tag", "untag", "collect", "delete"]
    product_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    tag: Annotated[str, msgspec.Meta(max_length=60)] = ""
    collection_id: Id = ""

    def problems(self) -> dict[str, str]:
        """A tag needs its word, and a collection its name."""
        if self.action in {"tag", "untag"} and not self.tag.replace(",", " ").strip():
            return {"tag": gettext("Write the tag.")}
        if self.action == "collect" and not self.collection_id:
            return {"collection_id": gettext("Choose the collection first.")}
        return {}


class ManyChanged(msgspec.Struct):
    """How many products were changed."""

    changed: int


class PricesChanged(msgspec.Struct, forbid_unknown_fields=True):
    """All prices of these products up or down, by a percentage or by an amount in minor units.

    `keeps_before` shows the price of today as the price before; `preview` only says what would be.
    """

    product_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
    direction: Literal["up", "down"] = "down"
    percent: Annotated[float, msgspec.Meta(gt=0, le=1000)] | None = None
    amount: Annotated[int, msgspec.Meta(ge=1, le=10**12)] | None = None
    keeps_before: bool = False
    preview: bool = False

    def problems(self) -> dict[str, str]:
        """Either percent or an amount."""
        if (self.percent is None) is (self.amount is None):
            return {"percent": gettext("Say by how many percent, or by which amount.")}
        if self.direction == "down" and (self.percent or 0) > 100:
            return {"percent": gettext("A price can be lowered by at most 100 percent.")}
        return {}


class PriceOut(msgspec.Struct):
    """A variant's price before and after, in minor units."""

    variant_id: str
    before: int
    price: int
    compare_at: int | None


class PricesOut(msgspec.Struct):
    """What the prices are now, or with `preview` would be."""

    data: list[PriceOut]


class ImportUpload(msgspec.Struct, forbid_unknown_fields=True):
    """A CSV of products, in our format or Shopify's."""

    file: Upload


class ImportFilter(Dated, forbid_unknown_fields=True, kw_only=True):
    """The imports of this shop, newest first or as `sort` says."""

    sort: Literal["-created_at", "created_at"] = "-created_at"


class ImportOut(msgspec.Struct):
    """A file of products. It is `previewed` until it is confirmed, then queued, running and finished.

    `products` says how many would be created, updated, left unchanged, and how many lines have an error; `lines` how
    many lines are waiting, created, updated, unchanged and failed; `pictures` how many are waiting, stored and failed.
    """

    id: str
    filename: str
    format: str
    status: str
    notes: list[str]
    total: int
    products: dict[str, int]
    lines: dict[str, int]
    pictures: dict[str, int]
    created_at: datetime
    finished_at: datetime | None


class RowsWanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which lines of an import to list."""

    only_problems: bool = False


class ImportRowOut(msgspec.Struct):
    """One line of a file: what it would do, and what became of it."""

    line: int
    handle: str
    verdict: str
    state: str
    problem: str
    warning: str
    picture_problem: str
