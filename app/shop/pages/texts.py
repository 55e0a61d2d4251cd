"""What of text pages, menus and the home page can be said in further languages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from app.core.i18n import gettext
from app.platform.translating.hooks import Original, Source, Text, sources
from app.shop.pages import bands, queries
from app.shop.pages.home_editor import controls
from app.shop.pages.schemas import MENUS
from app.shop.pages.sections import TITLES


def start(_app: object = None) -> None:
    """Say once what this room brings."""
    sources.update(page=Source(_page), menu=Source(_menu), section=Source(_section))


def _page(page_id: UUID) -> Original:
    found = queries.page_by_id(page_id)
    texts = [
        Text("title", gettext("Title"), found.title),
        Text("body", gettext("Text"), found.body, is_long=True),
        Text("seo_title", gettext("Title for search engines"), found.seo_title),
        Text("seo_description", gettext("Description for search engines"), found.seo_description),
    ]
    return Original(found.title, f"/admin/pages/{page_id}", [one for one in texts if one.text])


def _menu(menu_id: UUID) -> Original:
    found = queries.menu_by_id(menu_id)
    labels = dict.fromkeys(entry["label"] for entry in found.entries)
    texts = [Text(f"label:{label}", gettext("Name"), label) for label in labels]
    return Original(gettext(MENUS[found.handle]), f"/admin/menus/{found.handle}", texts)


def _section(key: UUID) -> Original:
    band = bands.find(key)
    content = msgspec.to_builtins(band.section)
    texts = [text for control in controls(band.kind) for text in _texts(control, content.get(control.name))]
    title = gettext(TITLES[band.kind])
    return Original(title, f"/admin/home-page/{key}", texts)


def _texts(control: Any, value: Any) -> list[Text]:
    """A plain text, the description of a picture, or the texts of a list's items."""
    if control.control in {"line", "text", "markdown"} and value:
        return [Text(control.name, control.label, value, is_long=control.control != "line")]
    if control.control == "picture" and value and value.get("alt"):
        return [Text(f"{control.name}.alt", gettext("What the picture shows"), value["alt"])]
    if control.control == "rows":
        return [
            Text(f"{control.name}.{place}.{name}", gettext("Row %(number)s", number=place + 1), text)
            for place, item in enumerate(value or [])
            for name, text in item.items()
            if name in {"text", "question", "answer"} and text
        ]
    return []
