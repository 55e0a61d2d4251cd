"""Finding products by words, typos and beginnings, by equality on text alone (see search.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, Subquery, Text, column, func, select, values

from app.core import db, isolation
from app.shop.catalog import search
from app.shop.catalog.models import Product, SearchKey, SearchPosting

MOST_TERMS = 8
_MOST_WORDS_A_TERM = 60


@dataclass(frozen=True)
class Match:
    """A filed word that answers the asked word number `term`, and how well (100 is the same)."""

    term: int
    word: str
    quality: int


def matches_for(text: str) -> list[Match]:
    """The filed words that answer a query: the same and beginnings, else near misses. One statement.

    A term without any answer gives one Match that no product has, so that "moon zzzz" finds nothing.
    """
    terms = list(dict.fromkeys(search.words_of(text)))[:MOST_TERMS]
    keys = {key for term in terms for key in _keys_asked(term)}
    if not keys:
        return []
    wanted = select(SearchKey.word).where(SearchKey.key.in_(sorted(keys))).distinct().limit(2000)
    filed = list(db.session.execute(wanted).scalars())
    return [match for number, term in enumerate(terms) for match in _answers(number, term, filed)]


def matching_products(matches: list[Match]) -> Subquery:
    """(product_id, score) of the products that answer every term; more for titles and for exact words."""
    asked = values(column("term", BigInteger), column("word", Text), column("quality", BigInteger), name="asked").data(
        [(match.term, match.word, match.quality) for match in matches] or [(0, "", 0)]
    )
    best = (
        select(
            SearchPosting.product_id,
            asked.c.term,
            func.max(SearchPosting.weight * asked.c.quality).label("best"),
        )
        .join(asked, asked.c.word == SearchPosting.word)
        .where(
            SearchPosting.tenant_id == isolation.tenant_id(),
            SearchPosting.word.in_(sorted({match.word for match in matches} or {""})),
        )
        .group_by(SearchPosting.product_id, asked.c.term)
        .subquery("best")
    )
    terms = len({match.term for match in matches})
    return (
        select(best.c.product_id, func.sum(best.c.best).label("score"))
        .group_by(best.c.product_id)
        .having(func.count() == max(terms, 1))
        .subquery("found")
    )


def suggestions(text: str, most: int = 6) -> list[tuple[str, str]]:
    """(handle, title) of the best active products while somebody types. Two statements."""
    matches = matches_for(text)
    if not matches:
        return []
    found = matching_products(matches)
    wanted = (
        select(Product.handle, Product.title)
        .join(found, found.c.product_id == Product.id)
        .where(Product.status == "active")
        .order_by(found.c.score.desc(), Product.sold.desc(), Product.title)
        .limit(most)
    )
    return [(handle, title) for handle, title in db.session.execute(wanted)]


def words_of_product(product_id: UUID) -> dict[str, int]:
    """The words under which a product is filed now, with their weights."""
    wanted = select(SearchPosting.word, SearchPosting.weight).where(SearchPosting.product_id == product_id)
    return dict(db.session.execute(wanted).all())


def filed_words(words: Iterable[str]) -> set[str]:
    """Those of the words that the shop's dictionary holds already."""
    heads = sorted({search.heading(word) for word in words})
    return set(db.session.execute(select(SearchKey.word).where(SearchKey.key.in_(heads)).distinct()).scalars())


def _keys_asked(term: str) -> Iterable[str]:
    yield search.heading(term)
    yield from search.near_spellings(term)


def _answers(number: int, term: str, filed: list[str]) -> list[Match]:
    ranked = sorted(((search.quality(term, word), word) for word in filed), key=lambda pair: (-pair[0], len(pair[1])))
    good = [(quality, word) for quality, word in ranked if quality >= 60] or [
        (quality, word) for quality, word in ranked if quality
    ]
    return [Match(number, word, quality) for quality, word in good[:_MOST_WORDS_A_TERM]] or [Match(number, term, 0)]
