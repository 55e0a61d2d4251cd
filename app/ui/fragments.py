"""Pieces of pages that are the same wherever they stand: made once for what they show.

A card in a grid depends on its product's values, the look and the language, on nothing else. Its key is all of these,
so that a change of one product makes one card anew and leaves the other twenty-three as they are. Only pages that are
rendered for everybody use it: a form's token never gets in.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from flask import g, request
from markupsafe import Markup

from app.core import frames, i18n, isolation
from app.ui import context

_MOST_PIECES = 3000
_MOST_BYTES = 6_000_000
_encoder = msgspec.msgpack.Encoder(enc_hook=str)


class Pieces:
    """The least asked for leave first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Markup] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> Markup | None:
        """The piece, if it is there."""
        found = self._kept.get(key)
        if found is not None:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
        return found

    def keep(self, key: bytes, piece: Markup) -> None:
        """Keep a piece for a while."""
        with self._lock:
            if key not in self._kept:
                self._bytes += len(key) + len(piece)
            self._kept[key] = piece
            while len(self._kept) > _MOST_PIECES or self._bytes > _MOST_BYTES:
                gone, text = self._kept.popitem(last=False)
                self._bytes -= len(gone) + len(text)


pieces = Pieces()


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


def _surroundings() -> tuple[Any, ...]:
    """Whose shop, in which look and language, and under which settings (a currency, a name)."""
    if "surroundings" not in g:
        shop = context.ask("shop")
        settings = (shop.brand_version, shop.updated_at) if shop else ()
        g.surroundings = isolation.tenant_id(), *settings, i18n.language(), request.script_root
    found: tuple[Any, ...] = g.surroundings
    return found
