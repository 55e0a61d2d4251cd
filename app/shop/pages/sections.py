"""The bands of the home page: one struct a kind. The editor's form is made from its fields, the page from its template.

A field's title is its label; `control` in its extra says what it is chosen with where its type alone does not.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from app.core.i18n import mark

ICONS = ("truck", "rotate-ccw", "leaf", "shield-check", "gift", "heart", "star", "recycle", "clock", "lock")


def _field(longest: int, title: str, control: str = "line") -> msgspec.Meta:
    return msgspec.Meta(max_length=longest, title=title, extra={"control": control})


Headline = Annotated[str, _field(200, mark("Headline"))]
Text = Annotated[str, _field(2000, mark("Text"), "text")]
ButtonText = Annotated[str, _field(200, mark("Button"))]
ButtonAddress = Annotated[str, _field(200, mark("Where the button leads"), "address")]


class SectionImage(msgspec.Struct, forbid_unknown_fields=True):
    """A stored picture: what the renderer of pictures made of an upload."""

    key: str
    alt: str = ""
    width: int = 0
    height: int = 0
    renditions: list[dict[str, Any]] = []


Image = Annotated[SectionImage | None, msgspec.Meta(title=mark("Picture"), extra={"control": "picture"})]


class Section(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind"):
    """One band of the home page."""


class Hero(Section, tag="hero"):
    """The first thing seen: a claim, a picture, one or two ways in. `product` hangs a price tag on the picture."""

    title: Headline = ""
    eyebrow: Annotated[str, _field(200, mark("Line above the headline"))] = ""
    text: Text = ""
    button: ButtonText = ""
    button_href: ButtonAddress = "/collections/all"
    second_button: Annotated[str, _field(200, mark("Second button"))] = ""
    second_href: Annotated[str, _field(200, mark("Where the second button leads"), "address")] = ""
    product: Annotated[str, _field(200, mark("Product whose price hangs on the picture"), "product")] = ""
    image: Image = None


class UspItem(msgspec.Struct, forbid_unknown_fields=True):
    """One reason to buy here."""

    text: Annotated[str, _field(200, mark("Reason"))]
    icon: Annotated[str, _field(40, mark("Sign"), "icon")] = "star"


class Usp(Section, tag="usp"):
    """A row of short reasons to buy here."""

    items: list[UspItem] = []


class Products(Section, tag="products"):
    """A grid of products: of one collection, or the best sold of the shop."""

    title: Headline = ""
    collection: Annotated[str, _field(200, mark("Collection"), "collection")] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=24, title=mark("Products at most"))] = 8
    more: Annotated[str, _field(200, mark("Link to all of them"))] = ""
    layout: Annotated[Literal["grid", "row", "feature"], msgspec.Meta(title=mark("How they stand"))] = "grid"


class Story(Section, tag="story"):
    """A coloured band with words on one side and a picture on the other."""

    title: Headline = ""
    text: Text = ""
    button: ButtonText = ""
    button_href: ButtonAddress = ""
    side: Annotated[Literal["right", "left"], msgspec.Meta(title=mark("Side of the picture"))] = "right"
    image: Image = None


class Collections(Section, tag="collections"):
    """Tiles that lead to collections: those named, else the first ones."""

    title: Headline = ""
    collections: Annotated[list[str], msgspec.Meta(title=mark("Collections"), extra={"control": "collections"})] = []


class Words(Section, tag="text"):
    """A column of text in Markdown."""

    title: Headline = ""
    body: Annotated[str, _field(20_000, mark("Text"), "markdown")] = ""


class Picture(Section, tag="image"):
    """One picture, with a line below it; a link where it leads somewhere."""

    image: Image = None
    caption: Annotated[str, _field(200, mark("Line below the picture"))] = ""
    href: Annotated[str, _field(200, mark("Where a click leads"), "address")] = ""
    width: Annotated[Literal["page", "full"], msgspec.Meta(title=mark("Width"))] = "page"


class Quote(Section, tag="quote"):
    """What somebody said."""

    text: Text = ""
    author: Annotated[str, _field(200, mark("Who said it"))] = ""


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """A question and its answer."""

    question: Annotated[str, _field(200, mark("Question"))]
    answer: Annotated[str, _field(2000, mark("Answer"), "text")]


class Faq(Section, tag="faq"):
    """Questions that open."""

    title: Headline = ""
    items: list[Question] = []


class Newsletter(Section, tag="newsletter"):
    """A field for an e-mail address. Whoever leaves one is asked by mail whether they meant it."""

    title: Headline = ""
    text: Text = ""


AnySection = Hero | Usp | Products | Story | Collections | Words | Picture | Quote | Faq | Newsletter
KINDS: dict[str, type[Section]] = {
    str(one.__struct_config__.tag): one
    for one in (Hero, Products, Collections, Story, Picture, Words, Usp, Quote, Faq, Newsletter)
}
TITLES = {
    "hero": mark("Opening"), "products": mark("Products"), "collections": mark("Collections"),
    "story": mark("Story"), "image": mark("Picture"), "text": mark("Text"), "usp": mark("Reasons to buy"),
    "quote": mark("Quote"), "faq": mark("Questions and answers"), "newsletter": mark("Newsletter"),
}  # fmt: skip
CHOICES = {
    "grid": mark("In a grid"), "row": mark("In one row that scrolls"), "feature": mark("The first one large"),
    "right": mark("Right"), "left": mark("Left"), "page": mark("As wide as the text"),
    "full": mark("As wide as the window"),
}  # fmt: skip


class Band(msgspec.Struct):
    """A section in its place. Its key stays the same from draft to page and back."""

    key: UUID
    section: AnySection
    is_visible: bool = True

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return str(self.section.__struct_config__.tag)

    @property
    def line(self) -> str:
        """What tells it from others of its kind in a list."""
        for name in ("title", "text", "caption"):
            if words := getattr(self.section, name, ""):
                return str(words)
        items = getattr(self.section, "items", [])
        return ", ".join(getattr(item, "text", "") or getattr(item, "question", "") for item in items)
