"""Tables of the pages room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import TenantModel, Timestamps, one_of

SECTION_KINDS = (
    "hero", "usp", "products", "story", "collections", "text", "image", "quote", "faq", "newsletter",
)  # fmt: skip


class TextPage(TenantModel, Timestamps):
    """A page of words, written in Markdown: about, delivery, privacy. A draft is not shown to shoppers."""

    __tablename__ = "text_page"
    visitors_see = True
    __table_args__ = (UniqueConstraint("tenant_id", "handle"), one_of("status", ("draft", "active")))

    handle: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column()
    body: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    seo_title: Mapped[str] = mapped_column(default="")
    seo_description: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class Menu(TenantModel, Timestamps):
    """A list of links with a place in the shop: "main", "footer-shop", "footer-help", "footer-about"."""

    __tablename__ = "menu"
    visitors_see = True
    __table_args__ = (UniqueConstraint("tenant_id", "handle"),)

    handle: Mapped[str] = mapped_column()
    title: Mapped[str] = mapped_column(default="")
    entries: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """[{"label": "New in", "href": "/collections/all?sort=newest"}]"""


class HomeSection(TenantModel, Timestamps):
    """One band of the home page. What `content` holds depends on `kind`: see schemas.py."""

    __tablename__ = "home_section"
    visitors_see = True
    __table_args__ = (one_of("kind", SECTION_KINDS), Index("ix_home_section_place", "tenant_id", "position"))

    kind: Mapped[str] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_visible: Mapped[bool] = mapped_column(default=True)


class Subscriber(TenantModel, Timestamps):
    """Somebody who wants the shop's news: `asked` until the mail is answered, then `confirmed`, at the end `left`."""

    __tablename__ = "subscriber"
    personal = frozenset({"email"})
    __table_args__ = (
        UniqueConstraint("tenant_id", "email"),
        one_of("status", ("asked", "confirmed", "left")),
        Index("ix_subscriber_recent", "tenant_id", "status", "id"),
    )

    email: Mapped[str] = mapped_column(String(254))
    """Normalised, so that nobody is in the list twice."""

    status: Mapped[str] = mapped_column(String(20), default="asked")
    wording: Mapped[str] = mapped_column(String(500), default="")
    """The sentence that was agreed to."""

    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
