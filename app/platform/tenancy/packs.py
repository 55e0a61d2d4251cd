"""A tenant as files: reads and writes the folders below tenants/.

    tenants/kiln/tenant.toml      the shop, its brand, words, home page, menus, pages, delivery, payment
    tenants/kiln/products.toml    collections and products
    tenants/kiln/images/          every picture that the two files name

A pack is data only. What it means to the shop rooms is their business: `app/console/onboarding` applies it.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import tomli_w

from app import settings
from app.platform.tenancy.errors import PackProblem

FOLDER = settings.ROOT / "tenants"
TENANT, PRODUCTS, IMAGES = "tenant.toml", "products.toml", "images"
IMAGE_SUFFIXES = {".webp", ".png", ".jpg", ".jpeg", ".avif", ".svg", ".gif"}

Line = Annotated[str, msgspec.Meta(max_length=200)]
Price = Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}(\.\d{1,3})?$")]
Handle = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=200)]
Kind = TypeVar("Kind", bound=msgspec.Struct)


class Part(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table of a pack. Keys that are not known are refused, so that a misspelt one is found."""


class Offer(Part):
    """How the wizard offers this pack as a starting point."""

    title: Line = ""
    text: Line = ""
    place: int = 50
    is_demo: bool = False
    """Seeded as a demo shop on a developer's machine."""


class PackAddress(Part):
    """Where the seller is."""

    line1: Line = ""
    line2: Line = ""
    postal_code: Line = ""
    city: Line = ""
    region: Line = ""
    country: Line = ""

    def to_dict(self) -> dict[str, str]:
        """What is filled in."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value}

    @classmethod
    def from_dict(cls, address: dict[str, Any]) -> "PackAddress":
        """The fields that a pack knows of an address."""
        return cls(**{name: str(address.get(name, "")) for name in cls.__struct_fields__})


class PackShop(Part):
    """The general settings. What is left out follows from the country."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    currency: Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{3})?$")] = ""
    locale: Line = ""
    timezone: Line = ""
    weight_unit: Literal["", "g", "kg", "oz", "lb"] = ""
    prices_include_tax: bool | None = None
    legal_name: Line = ""
    contact_email: Line = ""
    announcement: Line = ""
    address: PackAddress = msgspec.field(default_factory=PackAddress)


class PackMenuItem(Part):
    """One link of a menu."""

    label: Line
    href: Line


class PackPage(Part):
    """A text page; the body is Markdown."""

    handle: Handle
    title: Line
    body: str = ""


class PackDelivery(Part):
    """A way to deliver: a flat amount for a group of countries, free from a subtotal on."""

    zone: Line
    name: Line
    amount: Price
    countries: list[Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2}|\*)$")]] = []
    free_from: Price | None = None
    days: Line = ""


class PackPayment(Part):
    """A way to pay that is switched on."""

    code: Line
    title: Line = ""
    instructions: str = ""


class Pack(Part):
    """All of tenant.toml."""

    shop: PackShop
    pack: Offer = msgspec.field(default_factory=Offer)
    brand: dict[str, Any] = {}
    home: list[dict[str, Any]] = []
    menus: dict[str, list[PackMenuItem]] = {}
    pages: list[PackPage] = []
    delivery: list[PackDelivery] = []
    payment: list[PackPayment] = []


class PackImage(Part):
    """A picture of a product."""

    file: Line
    alt: Annotated[str, msgspec.Meta(max_length=500)] = ""
    variant: list[str] = []
    """The options of the variant that it shows; empty: the whole product."""


class PackOption(Part):
    """A way in which a product varies."""

    name: Line
    values: list[str]


class PackVariant(Part):
    """One buyable form of a product."""

    price: Price
    options: list[str] = []
    sku: Line = ""
    compare_at: Price | None = None
    weight_grams: Annotated[int, msgspec.Meta(ge=0)] = 0
    barcode: Line = ""
    on_hand: Annotated[int, msgspec.Meta(ge=0)] = 0
    tracks_stock: bool = True
    continue_selling: bool = False


class PackProduct(Part):
    """A product with its variants and pictures."""

    handle: Handle
    title: Line
    variants: Annotated[list[PackVariant], msgspec.Meta(min_length=1)]
    description: str = ""
    """HTML of the allow-list."""
    vendor: Line = ""
    kind: Line = ""
    tags: list[str] = []
    status: Literal["draft", "active", "archived"] = "active"
    seo_title: Line = ""
    seo_description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    options: list[PackOption] = []
    images: list[PackImage] = []


class PackCollection(Part):
    """A shelf of products, in this order."""

    handle: Handle
    title: Line
    description: str = ""
    image: Line = ""
    status: Literal["draft", "active"] = "active"
    products: list[str] = []


class Catalogue(Part):
    """All of products.toml."""

    collections: list[PackCollection] = []
    products: list[PackProduct] = []


class Folder:
    """A pack on the disk: its two files, read, and its pictures, by name."""

    def __init__(self, path: Path) -> None:
        """Read the folder; raises PackProblem naming file, key and line."""
        self.path = path
        if not (path / TENANT).is_file():
            raise PackProblem(file=f"{path}/{TENANT}", where="", problem="there is no such file")
        self.pack = _read(path / TENANT, Pack)
        has_products = (path / PRODUCTS).is_file()
        self.catalogue = _read(path / PRODUCTS, Catalogue) if has_products else Catalogue()
        self._check_references()

    @property
    def name(self) -> str:
        """The folder's name; the address of the tenant that it describes."""
        return self.path.name

    def image(self, name: str) -> bytes:
        """A picture's bytes."""
        return self._image_path(name).read_bytes()

    def _image_path(self, name: str) -> Path:
        path = self.path / IMAGES / name
        inside = path.resolve().is_relative_to((self.path / IMAGES).resolve())
        if not inside or path.suffix.lower() not in IMAGE_SUFFIXES or not path.is_file():
            raise PackProblem(file=f"{self.path}/{IMAGES}", where="", problem=f"there is no picture {name}")
        return path

    def _check_references(self) -> None:
        """Everything that one part names must be there: pictures, products of collections, options of variants."""
        for product in self.catalogue.products:
            for image in product.images:
                self._image_path(image.file)
            if any(len(variant.options) != len(product.options) for variant in product.variants):
                self._refuse(product.handle, "each variant needs one value for each option")
        known = {product.handle for product in self.catalogue.products}
        if len(known) < len(self.catalogue.products):
            self._refuse("products", "two products have the same handle")
        for collection in self.catalogue.collections:
            missing = [handle for handle in collection.products if handle not in known]
            if missing:
                self._refuse(collection.handle, f"the collection names {missing[0]}, which is no product here")
            if collection.image:
                self._image_path(collection.image)

    def _refuse(self, handle: str, problem: str) -> None:
        path = self.path / PRODUCTS
        raise PackProblem(file=str(path), where=_line_of(path.read_text(), handle), problem=f"{handle}: {problem}")


def folders() -> list[Folder]:
    """Every pack below tenants/, in the order in which the wizard offers them."""
    found = [Folder(path.parent) for path in sorted(FOLDER.glob(f"*/{TENANT}"))]
    return sorted(found, key=lambda folder: (folder.pack.pack.place, folder.name))


def folder_named(name: str) -> Folder | None:
    """The pack of this name; None when there is none."""
    return next((folder for folder in folders() if folder.name == name), None)


def write(path: Path, pack: Pack, catalogue: Catalogue, images: dict[str, bytes]) -> None:
    """Write a tenant as a folder. Pictures that it no longer names are left alone."""
    (path / IMAGES).mkdir(parents=True, exist_ok=True)
    (path / TENANT).write_text(tomli_w.dumps(_plain(pack), multiline_strings=True))
    (path / PRODUCTS).write_text(tomli_w.dumps(_plain(catalogue), multiline_strings=True))
    for name, content in images.items():
        (path / IMAGES / name).write_bytes(content)


def _plain(part: msgspec.Struct) -> dict[str, Any]:
    table: dict[str, Any] = _without_none(msgspec.to_builtins(part))
    return table


def _without_none(value: Any) -> Any:
    """TOML has no null: a key without a value is left out."""
    if isinstance(value, dict):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    return [_without_none(inner) for inner in value] if isinstance(value, list) else value


def _read(path: Path, kind: type[Kind]) -> Kind:
    """One TOML file as its struct; every refusal names the file, the key and the line."""
    text = path.read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as refused:
        sentence, _, place = str(refused).partition(" (at ")
        where = f", {place.rstrip(')')}" if place else ""
        raise PackProblem(file=str(path), where=where, problem=f"this is not TOML. {sentence}") from refused
    except msgspec.ValidationError as refused:
        raise _as_problem(path, text, str(refused)) from refused


def _as_problem(path: Path, text: str, refusal: str) -> PackProblem:
    """Turn "Expected `str`, got `int` - at `$.shop.name`" into a sentence with the key and its line."""
    sentence, _, place = refusal.partition(" - at `$")
    key = place.rstrip("`").lstrip(".")
    unknown = re.search(r"unknown field `(\w+)`", sentence)
    if unknown:
        key, sentence = ".".join(filter(None, (key, unknown[1]))), "this key is not known"
    missing = re.search(r"missing required field `(\w+)`", sentence)
    if missing:
        sentence = f"{missing[1]} is missing"
    described = f"{key or 'the file'}: {sentence[0].lower()}{sentence[1:]}"
    return PackProblem(file=str(path), where=_line_of_key(text, key), problem=described)


def _line_of_key(text: str, key: str) -> str:
    """Walk down "shop.address[2].city": each step is searched below the line of the one before."""
    lines, at = text.splitlines(), 0
    for name, index in re.findall(r"(\w+)((?:\[[^\]]*\])*)", key):
        numbers = [int(number) for number in re.findall(r"\[(\d+)\]", index)]
        pattern = re.compile(rf"\s*(\[+[\w.]*\b{name}\]+|{name}\s*=)")
        places = [line for line in range(at, len(lines)) if pattern.match(lines[line])]
        wanted = numbers[0] if numbers and len(places) > numbers[0] else 0
        if not places:
            break
        at = places[wanted]
    return f", line {at + 1}" if lines else ""


def _line_of(text: str, word: str) -> str:
    place = next((number for number, line in enumerate(text.splitlines(), 1) if f'"{word}"' in line), 0)
    return f", line {place}" if place else ""
