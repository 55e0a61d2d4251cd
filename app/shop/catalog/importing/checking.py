"""From lines to products: what each line says, and what is wrong with it. Asks no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.core import money
from app.core.i18n import gettext
from app.core.text import safe_html, slugify
from app.shop.catalog.importing.reading import Line

MOST_VARIANTS = 250
MOST_PICTURES = 50
_LONGEST = {"description": 100_000, "seo_description": 500, "image_alt": 500, "tags": 4000, "collections": 2000,
            "image_url": 2000, "variant_image_url": 2000}  # fmt: skip
_AMOUNT = re.compile(r"(-?)(\d{1,12})(?:[.,](\d{1,4}))?")
_WHOLE = re.compile(r"(-?)(\d{1,12})(?:\.0+)?")
_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass
class VariantDraft:
    """One variant as a line tells it; a column that the file lacks is not in `values`."""

    line: int
    options: list[str]
    values: dict[str, Any]


@dataclass(frozen=True)
class PictureDraft:
    """A picture that a line points to."""

    line: int
    url: str
    alt: str
    variant: VariantDraft | None = None


@dataclass
class ProductDraft:
    """One product as its lines tell it."""

    handle: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    option_names: list[str] = field(default_factory=list)
    variants: list[VariantDraft] = field(default_factory=list)
    pictures: list[PictureDraft] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass
class Checked:
    """The products of a file in their order, and sentences about lines by number."""

    products: list[ProductDraft] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, str] = field(default_factory=dict)


class _Wrong(ValueError):
    """A cell that cannot be taken; the message is the sentence for its line."""


def handle_of(line: Line) -> str:
    """The product a line belongs to: its handle, else one made from its title."""
    return slugify(line.cells.get("handle") or line.cells.get("title", ""))


def check(lines: Iterable[Line], columns: Iterable[str], currency: str) -> Checked:
    """Sort lines into products. A line with a problem is left out and the others of its product stay."""
    checked, present = Checked(), set(columns)
    by_handle: dict[str, ProductDraft] = {}
    last = ""
    for line in lines:
        handle = handle_of(line)
        try:
            draft = _product_of(line, handle, by_handle, last, present)
            draft.lines.append(line.number)
            _add_line(draft, line, present, currency)
        except _Wrong as wrong:
            checked.problems[line.number] = str(wrong)
        last = handle
    for draft in by_handle.values():
        _finish(draft, checked)
    return checked


def _product_of(
    line: Line, handle: str, by_handle: dict[str, ProductDraft], last: str, present: set[str]
) -> ProductDraft:
    if not handle:
        raise _Wrong(gettext("There is no handle, so it is unknown to which product this line belongs."))
    title = line.cells.get("title", "")
    draft = by_handle.get(handle)
    if draft is None:
        _refuse_long(line)
        draft = ProductDraft(handle, line.number, values=_product_values(line, present))
        draft.option_names = _option_names(line)
        draft.collections = _listed(line.cells.get("collections", ""), ";")
        by_handle[handle] = draft
    elif title and (handle != last or title != draft.values["title"]):
        raise _Wrong(
            gettext(
                "The handle “%(handle)s” is used already by the product in line %(line)s.",
                handle=handle,
                line=draft.line,
            )
        )
    return draft


def _product_values(line: Line, present: set[str]) -> dict[str, Any]:
    cells = line.cells
    if not cells.get("title"):
        raise _Wrong(gettext("The first line of a product needs a title."))
    if cells.get("gift_card", "").lower() == "true":
        raise _Wrong(gettext("Gift cards are not products and cannot be imported."))
    values: dict[str, Any] = {
        name: cells.get(name, "") for name in ("vendor", "kind", "seo_title", "seo_description") if name in present
    }
    values["title"] = cells["title"]
    if "description" in present:
        values["description_html"] = safe_html(cells.get("description", ""))
    if "tags" in present:
        values["tags"] = list(dict.fromkeys(_listed(cells.get("tags", ""), ",")))
    status = cells.get("status", "")
    if status and status not in {"draft", "active", "archived"}:
        raise _Wrong(gettext("The status “%(status)s” is not one of draft, active, archived.", status=status[:40]))
    return values | ({"status": status} if status else {})


def _option_names(line: Line) -> list[str]:
    names = [line.cells.get(f"option{number}_name", "") for number in (1, 2, 3)]
    if names[0].lower() == "title" and line.cells.get("option1_value", "").lower() == "default title":
        return []
    while names and not names[-1]:
        names.pop()
    if not all(names):
        raise _Wrong(gettext("The options must be named from the first on, without a gap."))
    if len({name.lower() for name in names}) < len(names):
        raise _Wrong(gettext("Two options have the same name."))
    return names


def _add_line(draft: ProductDraft, line: Line, present: set[str], currency: str) -> None:
    """Take the picture first: a wrong price does not lose it."""
    _refuse_long(line)
    url = line.cells.get("image_url") or line.cells.get("variant_image_url", "")
    is_variant = line.number == draft.line or any(line.cells.get(name) for name in ("price", "option1_value", "sku"))
    wrong, variant = None, None
    if is_variant:
        try:
            variant = _variant(draft, line, present, currency)
            draft.variants.append(variant)
        except _Wrong as problem:
            wrong = problem
    elif not url:
        raise _Wrong(gettext("This line names neither a variant nor a picture."))
    if url:
        _add_picture(draft, line, url, variant)
    if wrong:
        raise wrong


def _add_picture(draft: ProductDraft, line: Line, url: str, variant: VariantDraft | None) -> None:
    if len(draft.pictures) >= MOST_PICTURES:
        raise _Wrong(gettext("A product has at most %(most_pictures)s pictures.", most_pictures=MOST_PICTURES))
    if all(picture.url != url for picture in draft.pictures):
        draft.pictures.append(PictureDraft(line.number, url, line.cells.get("image_alt", "")))
    shown = line.cells.get("variant_image_url")
    if variant and shown:
        variant.values["picture"] = shown


def _variant(draft: ProductDraft, line: Line, present: set[str], currency: str) -> VariantDraft:
    options = [line.cells.get(f"option{number}_value", "") for number in range(1, len(draft.option_names) + 1)]
    if not all(options):
        raise _Wrong(
            gettext(
                "A value is missing for the option “%(option_names)s”.",
                option_names=draft.option_names[options.index("")],
            )
        )
    beyond = line.cells.get(f"option{len(options) + 1}_value", "")
    if beyond and beyond.lower() != "default title":
        raise _Wrong(gettext("This line has more option values than the product has options."))
    _refuse_twice(draft, line, options)
    if len(draft.variants) >= MOST_VARIANTS:
        raise _Wrong(gettext("A product has at most %(most_variants)s variants.", most_variants=MOST_VARIANTS))
    return VariantDraft(line.number, options, _variant_values(line, present, currency))


def _refuse_twice(draft: ProductDraft, line: Line, options: list[str]) -> None:
    sku = line.cells.get("sku", "")
    for other in draft.variants:
        if other.options == options:
            raise _Wrong(gettext("Line %(line)s describes the same variant already.", line=other.line))
        if sku and other.values.get("sku") == sku:
            raise _Wrong(gettext("The SKU “%(sku)s” stands in line %(line)s already.", sku=sku, line=other.line))


def _variant_values(line: Line, present: set[str], currency: str) -> dict[str, Any]:
    cells = line.cells
    if not cells.get("price"):
        raise _Wrong(gettext("The price is missing."))
    values: dict[str, Any] = {name: cells.get(name, "") for name in ("sku", "barcode") if name in present}
    values["price"] = _amount(cells["price"], "price", currency)
    if "compare_at_price" in present:
        values["compare_at"] = (
            _amount(cells["compare_at_price"], "compare-at price", currency) if cells.get("compare_at_price") else None
        )
    if values.get("compare_at") == 0:
        values["compare_at"] = None
    wanted: tuple[tuple[str, str, Callable[[str, str], Any]], ...] = (
        ("weight_grams", "weight_grams", _whole), ("stock", "on_hand", _stock),
        ("tracks_stock", "tracks_stock", _answer), ("continue_selling", "continue_selling", _answer),
    )  # fmt: skip
    return values | {field: take(cells[name], name) for name, field, take in wanted if cells.get(name)}


def _amount(text: str, name: str, currency: str) -> int:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise _Wrong(gettext("The %(name)s “%(text)s” is not an amount such as 12.50.", name=name, text=text[:40]))
    if found[1]:
        raise _Wrong(gettext("The %(name)s is below zero.", name=name))
    digits, exponent = (found[3] or "").rstrip("0"), money.exponent(currency)
    if len(digits) > exponent:
        raise _Wrong(
            gettext(
                "The %(name)s “%(text)s” is finer than %(currency)s can be paid.",
                name=name,
                text=text,
                currency=currency,
            )
        )
    minor = int(found[2]) * 10**exponent + int(digits.ljust(exponent, "0") or 0)
    if minor > 10**12:
        raise _Wrong(gettext("The %(name)s is too high.", name=name))
    return minor


def _whole(text: str, name: str) -> int:
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise _Wrong(gettext("“%(text)s” in %(name)s is not a whole number.", text=text[:40], name=name))
    if found[1] and int(found[2]):
        raise _Wrong(gettext("%(name)s is below zero.", name=name))
    if int(found[2]) > 10**9:
        raise _Wrong(gettext("%(name)s is too high.", name=name))
    return int(found[2])


def _stock(text: str, name: str) -> int:
    """Shopify counts below zero where more was sold than there was; here that is none left."""
    return 0 if text.startswith("-") and _WHOLE.fullmatch(text) else _whole(text, name)


def _answer(text: str, name: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise _Wrong(gettext("“%(text)s” in %(name)s is neither true nor false.", text=text[:40], name=name))


def _refuse_long(line: Line) -> None:
    for name, cell in line.cells.items():
        if len(cell) > _LONGEST.get(name, 200):
            raise _Wrong(
                gettext(
                    "The cell in %(name)s is longer than %(name_)s characters.",
                    name=name,
                    name_=f"{_LONGEST.get(name, 200):,}",
                )
            )


def _listed(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def _finish(draft: ProductDraft, checked: Checked) -> None:
    """A product without one good variant is none: its other lines fail with it."""
    if draft.variants:
        checked.products.append(draft)
        return
    for number in draft.lines:
        checked.problems.setdefault(number, gettext("No line of this product can be used as a variant."))
