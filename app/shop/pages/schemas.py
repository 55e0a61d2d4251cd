"""What the pages room takes: text pages, menus, and the sections of the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

Line = Annotated[str, msgspec.Meta(max_length=200)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Sentence = Annotated[str, msgspec.Meta(max_length=2000)]
MENUS = {
    "main": "Main menu",
    "footer-shop": "Footer: shop",
    "footer-help": "Footer: help",
    "footer-about": "Footer: about",
}
ICONS = ("truck", "rotate-ccw", "leaf", "shield-check", "gift", "heart", "star", "recycle", "clock", "lock")


class NewPage(msgspec.Struct, forbid_unknown_fields=True):
    """A text page as it shall be; the body is Markdown. An empty handle is made from the title."""

    title: Title
    handle: Line = ""
    body: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    status: Literal["draft", "active"] = "active"
    seo_title: Line = ""
    seo_description: Annotated[str, msgspec.Meta(max_length=500)] = ""


class PagePreview(msgspec.Struct, forbid_unknown_fields=True):
    """The form of a page while it is being written; only its body is looked at."""

    title: str = ""
    handle: str = ""
    body: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    status: str = ""
    seo_title: str = ""
    seo_description: str = ""


class MenuLink(msgspec.Struct, forbid_unknown_fields=True):
    """One link of a menu: a path of this shop, or an address that starts with https://."""

    label: Line = ""
    href: Annotated[str, msgspec.Meta(max_length=500)] = ""


class MenuForm(msgspec.Struct, forbid_unknown_fields=True):
    """A menu as it shall be. Rows without a label and an address are dropped."""

    entries: list[MenuLink] = []

    def problems(self) -> dict[str, str]:
        """Half-filled rows, and addresses that lead nowhere a menu may lead."""
        found = {}
        for number, link in enumerate(self.entries):
            if link.label.strip() and not is_menu_address(link.href):
                found[f"entries-{number}-href"] = "Start with / for a page of this shop, or with https://."
            if link.href.strip() and not link.label.strip():
                found[f"entries-{number}-label"] = "Give this link a name."
        return found


def is_menu_address(href: str) -> bool:
    """A path of this shop, or a full address elsewhere; never javascript: and its kind."""
    return href.startswith("https://") or (href.startswith("/") and not href.startswith(("//", "/\\")))


# --- sections of the home page ----------------------------------------------------------------------------------


class SectionImage(msgspec.Struct, forbid_unknown_fields=True):
    """A stored picture: what the renderer of pictures made of an upload."""

    key: str
    alt: str = ""
    width: int = 0
    height: int = 0
    renditions: list[dict[str, Any]] = []


class Section(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind"):
    """One band of the home page."""


class Hero(Section, tag="hero"):
    """The first thing seen: a claim, a picture, one or two ways in. `product` hangs a price tag on the picture."""

    title: Line = ""
    eyebrow: Line = ""
    text: Sentence = ""
    button: Line = ""
    button_href: Line = "/collections/all"
    second_button: Line = ""
    second_href: Line = ""
    product: Line = ""
    image: SectionImage | None = None


class UspItem(msgspec.Struct, forbid_unknown_fields=True):
    """One reason to buy here."""

    text: Line
    icon: str = "star"


class Usp(Section, tag="usp"):
    """A row of short reasons to buy here."""

    items: list[UspItem] = []


class Products(Section, tag="products"):
    """A grid of products: of one collection, or the best sold of the shop."""

    title: Line = ""
    collection: Line = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=24)] = 8
    more: Line = ""


class Story(Section, tag="story"):
    """A coloured band with words on one side and a picture on the other."""

    title: Line = ""
    text: Sentence = ""
    button: Line = ""
    button_href: Line = ""
    image: SectionImage | None = None


class Collections(Section, tag="collections"):
    """Tiles that lead to collections: those named, else the first ones."""

    title: Line = ""
    collections: list[str] = []


class Words(Section, tag="text"):
    """A column of text in Markdown."""

    title: Line = ""
    body: Annotated[str, msgspec.Meta(max_length=20_000)] = ""


class Quote(Section, tag="quote"):
    """What somebody said."""

    text: Sentence = ""
    author: Line = ""


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """A question and its answer."""

    question: Line
    answer: Sentence


class Faq(Section, tag="faq"):
    """Questions that open."""

    title: Line = ""
    items: list[Question] = []


AnySection = Hero | Usp | Products | Story | Collections | Words | Quote | Faq


@dataclass(frozen=True)
class Link:
    """A link as menus show it."""

    label: str
    href: str
