"""Pieces of pages that are the same wherever they stand: made once for what they show.

A card in a grid depends on its product's values, the look and the language, on nothing else. Its key is all of these,
so that a change of one product makes one card anew and leaves the other twenty-three as they are. Only pages that are
rendered for everybody use it: a form's token never gets in.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec
from flask import g, render_template, request
from markupsafe import Markup

from app.core import clock, finished, frames, i18n, isolation, pagecache
from app.ui import assets, context

_MOST_PIECES = 3000
_MOST_BYTES = 6_000_000
_MOST_BYTES_OF_PAGES = 4_000_000
_encoder = msgspec.msgpack.Encoder(enc_hook=str)


Text = TypeVar("Text", Markup, bytes)


class Pieces(Generic[Text]):
    """The least asked for leave first."""

    def __init__(self, most_bytes: int) -> None:
        self._kept: OrderedDict[bytes, Text] = OrderedDict()
        self._bytes, self._most_bytes = 0, most_bytes
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> Text | None:
        """The piece, if it is there."""
        found = self._kept.get(key)
        if found is not None:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
        return found

    def keep(self, key: bytes, piece: Text) -> None:
        """Keep a piece for a while."""
        with self._lock:
            if key not in self._kept:
                self._bytes += len(key) + len(piece)
            self._kept[key] = piece
            while len(self._kept) > _MOST_PIECES or self._bytes > self._most_bytes:
                gone, text = self._kept.popitem(last=False)
                self._bytes -= len(gone) + len(text)


pieces: Pieces[Markup] = Pieces(_MOST_BYTES)
whole_pages: Pieces[bytes] = Pieces(_MOST_BYTES_OF_PAGES)


def piece(name: str, *shown: Any, caller: Callable[[], Any]) -> Markup:
    """`{% call piece("card", one) %} ... {% endcall %}`: the block, which depends on nothing but what is named.

    `shown` is anything that JSON could hold: structs, dataclasses, ids, texts.
    """
    if not context.is_for_everybody() or frames.current() is None:
        return Markup(caller())  # noqa: S704 - a block of a template of ours, escaped where it was made
    key = _encoder.encode((name, *_surroundings(), shown))
    found = pieces.get(key)
    if found is None:
        found = Markup(caller())  # noqa: S704 - as above
        pieces.keep(key, found)
    return found


def each_piece(name: str, things: Iterable[Any], *shown: Any, draw: Callable[..., Any]) -> Markup:
    """`{{ each_piece("card", cards, false, draw=card) }}`: `draw(one, *shown)` for each thing, a piece each."""
    if not context.is_for_everybody() or frames.current() is None:
        return Markup("").join(draw(one, *shown) for one in things)
    around = _surroundings()
    drawn = []
    for one in things:
        key = _encoder.encode((name, *around, (one, *shown)))
        found = pieces.get(key)
        if found is None:
            found = draw(one, *shown)
            pieces.keep(key, found)
        drawn.append(found)
    return Markup("").join(drawn)


def answer(template: str, shown: tuple[Any, ...], values: dict[str, Any]) -> str:
    """A piece that answers a change and depends on `shown`, the shop and the language: drawn once for equal content."""
    key = _encoder.encode((template, *_surroundings(), shown))
    found = pieces.get(key)
    if found is None:
        found = Markup(render_template(template, **values))  # noqa: S704 - a template of ours, escaped where it was made
        pieces.keep(key, found)
    return found


def whole(template: str, shown: tuple[Any, ...], values: dict[str, Any]) -> str:
    """A page that depends on `shown` and on what every page of the shop repeats: drawn once for equal content.

    A change somewhere in a shop lets go of all its kept pages; most of them are then asked for anew and show what they
    showed before. Kept as it is sent, so that an equal one is neither unpacked nor packed again: the page is then the
    empty text, and core/pagecache.py, which asked for it, puts in what it is handed beside. `shown` is anything that
    JSON could hold.
    """
    if not context.is_for_everybody() or frames.current() is None:
        return render_template(template, **values)
    key = hashlib.blake2b(_encoder.encode((template, *_around_a_page(), shown)), digest_size=16).digest()
    kept = whole_pages.get(key)
    if kept is not None:
        request.environ[pagecache.MADE] = finished.Made.of(kept)
        return ""
    text = render_template(template, **values)
    body = text.encode()
    made = request.environ[pagecache.MADE] = finished.made_of(body)
    whole_pages.keep(key, made.kept)
    return text


def _around_a_page() -> tuple[Any, ...]:
    """What the layout shows beside the page's own things."""
    menus = vars(context.ask("menus"))
    address = isolation.tenant_url(""), request.path
    slots = context.ask("slots_depend_on")
    return *_surroundings(), *address, menus, slots, context.languages(), assets.fingerprint(), clock.now().year


def _surroundings() -> tuple[Any, ...]:
    """Whose shop, in which look and language, and under which settings (a currency, a name)."""
    if "surroundings" not in g:
        shop = context.ask("shop")
        settings = (shop.brand_version, shop.updated_at) if shop else ()
        g.surroundings = isolation.tenant_id(), *settings, i18n.language(), request.script_root
    found: tuple[Any, ...] = g.surroundings
    return found
