"""How a text becomes findable: its words, and the spellings under which each word is found.

Near misses are found by deletion (SymSpell, W. Garbe 2012): two words that differ by one edit share a spelling
when a letter is taken out of either. So a typo becomes a few equalities on text, which PostgreSQL may answer from
a B-tree under row security, where its own trigram operators may not. See docs/decisions on search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

from app.core.text import fold

LONGEST_WORD = 40
_LONGEST_BEGINNING = 15
_NEAR = "~"
"""Marks a near-miss spelling, so that "as" (from "vase") is not taken for the beginning of "ash"."""
_LETTERS_WITH_MISSES = 8
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_TAG = re.compile(r"<[^>]*>")


def words_of(text: str) -> list[str]:
    """The folded words of a text in their order, without apostrophes: "Rose's Café" is ["roses", "cafe"]."""
    joined = fold(text).replace("'", "").replace("’", "")
    return [word[:LONGEST_WORD] for word in _WORD.findall(joined)]


def words_of_html(html: str) -> list[str]:
    """The folded words of rich text."""
    return words_of(_TAG.sub(" ", html))


def words_of_code(code: str) -> list[str]:
    """A SKU or barcode by its parts and as one word: "KK-V-01" is ["kk", "v", "01", "kkv01"]."""
    parts = words_of(code)
    return [*parts, "".join(parts)[:LONGEST_WORD]] if len(parts) > 1 else parts


def spellings(word: str) -> set[str]:
    """Every key under which a word is filed: its beginnings from two letters on, and its near misses."""
    beginnings = {word[:length] for length in range(2, min(len(word), _LONGEST_BEGINNING) + 1)}
    return beginnings | {heading(word)} | near_spellings(word)


def heading(word: str) -> str:
    """The key under which a word itself is filed."""
    return word[:_LONGEST_BEGINNING]


def near_spellings(word: str) -> set[str]:
    """The keys that a word shares with words one edit (from eight letters on: two edits) away."""
    if len(word) < 3:
        return set()
    head = word[:_LETTERS_WITH_MISSES]
    return {_NEAR + spelling for spelling in _without(head, tolerance(word))}


def tolerance(word: str) -> int:
    """How many slips of the finger a word of this length is forgiven; none in a code, which is another one then."""
    if len(word) < 3 or _DIGIT.search(word):
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """Edits between two words: insert, delete, replace, or swap two neighbours (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            row.append(min(cost, last[j - 2] + 1) if swapped else cost)
    return row[-1]


def quality(asked: str, word: str) -> int:
    """How well a filed word answers the asked one: 100 the same, 60 a beginning, 40 and 25 a slip or two, 0 not."""
    if word == asked:
        return 100
    if word.startswith(asked) and len(asked) > 1:
        return 60
    slips = distance(asked, word)
    return {1: 40, 2: 25}.get(slips, 0) if slips <= min(tolerance(asked), max(tolerance(word), 1)) else 0


def _without(word: str, most: int) -> Iterable[str]:
    """The word with up to `most` letters taken out."""
    for count in range(min(most, len(word) - 1) + 1):
        for gaps in combinations(range(len(word)), count):
            yield "".join(letter for place, letter in enumerate(word) if place not in gaps)
