"""What the palette and the search page find: pages, actions, orders, products and customers, best first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.shop.home import search

MOST = 14
SHORTEST = 2
Find = Callable[[str], list[tuple[str, str]]]


@dataclass(frozen=True)
class Hit:
    """One thing to go to, with what it is."""

    kind: str
    label: str
    href: str
    icon: str
    detail: str = ""
    score: int = 0


def found(
    text: str, places: list[dict[str, Any]], actions: list[dict[str, Any]], may: Callable[[str], bool]
) -> list[Hit]:
    """The best hits for what was typed; for nothing the pages and actions themselves.

    `places` and `actions` are what this person may see already; `may` decides about the rest.
    """
    wanted = " ".join(text.split())[:100]
    hits = [*_entries(places, wanted, _("Page")), *_entries(actions, wanted, _("Action"))]
    if len(wanted) >= SHORTEST:
        hits += _things(wanted, may)
    return sorted(hits, key=lambda hit: -hit.score)[:MOST] if wanted else hits


def _entries(entries: Iterable[dict[str, Any]], wanted: str, kind: str) -> list[Hit]:
    hits = []
    for entry in entries:
        score = _score(wanted, entry["label"], f"{entry['section']} {entry['words']}")
        if score or not wanted:
            hits.append(Hit(kind, entry["label"], entry["href"], entry["icon"], entry["section"], score))
    return hits


def _things(wanted: str, may: Callable[[str], bool]) -> list[Hit]:
    """Rows of the shop: a number that is typed in full beats everything, then what begins with the words."""
    hits = []
    if may("orders.read"):
        number = wanted.lstrip("#")
        for found_number, who in search.found_orders(number):
            score = 100 if found_number == number else 30 + _score(wanted, who) // 2
            hits.append(Hit(_("Order"), f"#{found_number}", f"/admin/orders/{found_number}", "inbox", who, score))
    if may("products.read"):
        for identity, title in search.found_products(wanted):
            score = 25 + _score(wanted, title) // 2
            hits.append(Hit(_("Product"), title, f"/admin/products/{identity}", "package", "", score))
    if may("customers.read"):
        for identity, name in search.found_customers(wanted):
            score = 25 + _score(wanted, name) // 2
            hits.append(Hit(_("Customer"), name, f"/admin/customers/{identity}", "user", "", score))
    return hits


def _score(wanted: str, label: str, others: str = "") -> int:
    """How well a label fits: whole, beginning, beginning of its words, then the other words by which it is known."""
    sought, plain = _plain(wanted), _plain(label)
    if not sought:
        return 0
    if plain == sought:
        return 90
    if plain.startswith(sought):
        return 80
    words = plain.split()
    if all(any(word.startswith(part) for word in words) for part in sought.split()):
        return 70
    known = [*words, *_plain(others).split()]
    if all(any(word.startswith(part) for word in known) for part in sought.split()):
        return 50
    return 40 if len(sought) > SHORTEST and sought in plain else 0


def _plain(text: str) -> str:
    """Lower case without accents, so that "uberblick" finds "Überblick"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
