"""What the pages room takes: text pages, menus, and (in sections.py) the bands of the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from app.core.i18n import gettext, mark
from app.core.i18n import gettext as _
from app.shop.pages.sections import (
    ICONS,
    AnySection,
    Collections,
    Faq,
    Hero,
    Newsletter,
    Picture,
    Products,
    Question,
    Quote,
    Section,
    SectionImage,
    Story,
    Usp,
    UspItem,
    Words,
)

__all__ = [
    "ICONS",
    "MENUS",
    "Answer",
    "AnySection",
    "Collections",
    "Faq",
    "Hero",
    "Link",
    "MenuForm",
    "MenuLink",
    "NewPage",
    "Newsletter",
    "PagePreview",
    "Picture",
    "Products",
    "Question",
    "Quote",
    "Section",
    "SectionImage",
    "Story",
    "Subscribe",
    "Usp",
    "UspItem",
    "Words",
    "is_menu_address",
]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
MENUS = {
    "main": mark("Main menu"),
    "footer-shop": mark("Footer: shop"),
    "footer-help": mark("Footer: help"),
    "footer-about": mark("Footer: about"),
}


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
                found[f"entries-{number}-href"] = gettext("Start with / for a page of this shop, or with https://.")
            if link.href.strip() and not link.label.strip():
                found[f"entries-{number}-label"] = gettext("Give this link a name.")
        return found


class Subscribe(msgspec.Struct, forbid_unknown_fields=True):
    """An e-mail address that wants the shop's news. `website` is a trap: people do not see it."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    website: str = ""

    def problems(self) -> dict[str, str]:
        """Something that is no address."""
        name, at, host = self.email.rpartition("@")
        is_address = bool(name and at) and "." in host and not any(sign.isspace() for sign in self.email)
        return {} if is_address else {"email": _("This is no e-mail address.")}


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """A button."""


def is_menu_address(href: str) -> bool:
    """A path of this shop, or a full address elsewhere; never javascript: and its kind."""
    return href.startswith("https://") or (href.startswith("/") and not href.startswith(("//", "/\\")))


@dataclass(frozen=True)
class Link:
    """A link as menus show it."""

    label: str
    href: str


class SitemapPart(msgspec.Struct, forbid_unknown_fields=True):
    """Which part of the sitemap: the products behind this one."""

    after: UUID | None = None
