"""What programs send to the pages room and read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app.core.forms import Upload
from app.core.i18n import gettext
from app.core.rest import Paging, Synced
from app.shop.pages.schemas import Line, is_menu_address
from app.shop.pages.sections import ICONS, AnySection

Id = Annotated[str, Meta(max_length=90)]
ADDRESSES = ("button_href", "second_href", "href")


class PageFilter(Synced, forbid_unknown_fields=True, kw_only=True):
    """Which text pages to list, by handle or as `sort` says."""

    status: Literal["", "draft", "active"] = ""
    handle: Line = ""
    sort: Literal["handle", "-handle", "created_at", "-created_at", "updated_at", "-updated_at"] = "handle"


class PageOut(Struct):
    """A text page; `body` is Markdown."""

    id: str
    handle: str
    title: str
    body: str
    status: str
    seo_title: str
    seo_description: str
    url: str
    created_at: datetime
    updated_at: datetime


class LinkWritten(Struct, forbid_unknown_fields=True):
    """One link: a path of this shop, or an address that starts with https://."""

    label: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    href: Annotated[str, Meta(min_length=1, max_length=500)]


class MenuWritten(Struct, forbid_unknown_fields=True):
    """All links of a menu in their order."""

    entries: Annotated[list[LinkWritten], Meta(max_length=100)]

    def problems(self) -> dict[str, str]:
        """Addresses that lead nowhere a menu may lead."""
        sentence = gettext("Start with / for a page of this shop, or with https://.")
        return {
            f"entries[{place}].href": sentence
            for place, link in enumerate(self.entries)
            if not is_menu_address(link.href.strip())
        }


class LinkOut(Struct):
    """One link of a menu."""

    label: str
    href: str


class MenuOut(Struct):
    """A menu: main, footer-shop, footer-help or footer-about. It has an id once it was written."""

    id: str | None
    handle: str
    entries: list[LinkOut]


class MenusOut(Struct):
    """Every menu that a shop has."""

    data: list[MenuOut]


class SubscriberFilter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Those who confirmed that they want the shop's news, the latest first."""


class SubscriberOut(Struct):
    """Somebody who wants the news, and the sentence that they agreed to."""

    id: str
    email: str
    wording: str
    confirmed_at: datetime | None


class BandWanted(Struct, forbid_unknown_fields=True):
    """A kind of section; it stands at the end and stays hidden until it is filled."""

    kind: Literal["hero", "usp", "products", "story", "collections", "text", "image", "quote", "faq", "newsletter"]


class BandWritten(Struct, forbid_unknown_fields=True):
    """A section as it shall be. Its picture is uploaded; here it can be kept, described or left out."""

    section: AnySection

    def problems(self) -> dict[str, str]:
        """Links that lead nowhere a page may lead, signs that we do not have, and pictures without words."""
        found = {}
        for name in ADDRESSES:
            if (href := getattr(self.section, name, "")) and not is_menu_address(href):
                found[f"section.{name}"] = gettext("Start with / for a page of this shop, or with https://.")
        for place, item in enumerate(getattr(self.section, "items", ())):
            if getattr(item, "icon", ICONS[0]) not in ICONS:
                found[f"section.items[{place}].icon"] = gettext("This is none of our signs.")
        image = getattr(self.section, "image", None)
        if image is not None and not image.alt.strip():
            found["section.image.alt"] = gettext(
                "Say in a few words what the picture shows, for those who cannot see it."
            )
        return found


class BandPicture(Struct, forbid_unknown_fields=True):
    """A picture for a section, and what it shows."""

    file: Upload
    alt: Annotated[str, Meta(min_length=1, max_length=200)]


class BandShown(Struct, forbid_unknown_fields=True):
    """Whether a section is shown."""

    is_visible: bool


class BandsOrder(Struct, forbid_unknown_fields=True):
    """Ids of sections in their new order; what is not named follows."""

    ids: Annotated[list[Id], Meta(max_length=100)]


class BandOut(Struct):
    """A section of the draft of the home page. `section.kind` says what it holds."""

    id: str
    kind: str
    is_visible: bool
    section: dict[str, Any]


class BandsOut(Struct):
    """The draft of the home page from top to bottom. Publishing the brand publishes it."""

    data: list[BandOut]
