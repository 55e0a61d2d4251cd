"""Finding products by words, typos and beginnings, by equality on text alone (see search.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Subquery,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.core import db, isolation
from app.shop.catalog import search
from app.shop.catalog.models import SearchKey, SearchPosting
from app.shop.catalog.queries import counting

MOST_TERMS = 8
MOST_CANDIDATES = 8000
"""Of a term that more products answer, only the best are looked at, and the number found is "at least"."""

_MOST_WORDS_A_TERM = 60
_MOST_PROBED = 12


@dataclass(frozen=True)
class Match:
    """A filed word that answers the asked word number `term`, and how well (100 is the same)."""

    term: int
    word: str
    quality: int
    is_common: bool = False
    """More than MOST_CANDIDATES products answer its term."""


def matches_for(text: str) -> list[Match]:
    """The filed words that answer a query: the same and beginnings, else near misses.

    One statement, in large shops two.

    A term without any answer gives one Match that no product has, so that "moon zzzz" finds nothing.
    """
    terms = list(dict.fromkeys(search.words_of(text)))[:MOST_TERMS]
    keys = {key for term in terms for key in _keys_asked(term)}
    if not keys:
        return []
    wanted = select(SearchKey.word).where(SearchKey.key.in_(sorted(keys))).distinct().limit(2000)
    filed = list(db.session.execute(wanted).scalars())
    return _by_rarity([match for number, term in enumerate(terms) for match in _answers(number, term, filed)])


def matching_products(matches: list[Match]) -> Subquery:
    """(product_id, score) of the products that answer every term; more for titles and for exact words.

    The term that fewest products answer leads. Of one that more than MOST_CANDIDATES answer, the best are taken; where
    another one is that common, it is only asked about the products that are left.
    """
    by_term: dict[int, list[Match]] = {}
    for match in matches or [Match(0, "", 0)]:
        by_term.setdefault(match.term, []).append(match)
    leading, *others = (by_term[term] for term in sorted(by_term))
    lead = _best_of(leading) if leading[0].is_common else _answering(leading, "lead")
    source: Any = lead
    score: ColumnElement[Any] = lead.c.best
    for number, term in enumerate(others):
        name = f"term_{number}"
        also = _asked_about(term, lead, name) if term[0].is_common else _answering(term, name)
        source = source.join(also, true() if term[0].is_common else also.c.product_id == lead.c.product_id)
        score = score + also.c.best
    found = select(lead.c.product_id, score.label("score")).select_from(source)
    return found.where(score.is_not(None)).subquery("found")


def _asked(matches: list[Match], name: str) -> Any:
    columns = column("word", Text), column("quality", BigInteger)
    return values(*columns, name=f"asked_{name}").data([(match.word, match.quality) for match in matches])


def _answering(matches: list[Match], name: str) -> Subquery:
    """(product_id, best) of every product that answers a term."""
    asked = _asked(matches, name)
    return (
        select(SearchPosting.product_id, func.max(SearchPosting.weight * asked.c.quality).label("best"))
        .join(asked, asked.c.word == SearchPosting.word)
        .where(
            SearchPosting.tenant_id == isolation.tenant_id(),
            SearchPosting.word.in_(sorted({match.word for match in matches})),
        )
        .group_by(SearchPosting.product_id)
        .subquery(name)
    )


def _best_of(matches: list[Match]) -> Subquery:
    """(product_id, best) of the products that say most about the words of a common term."""
    asked = _asked(matches, "lead")
    best = (
        select(SearchPosting.product_id, SearchPosting.weight)
        .where(SearchPosting.tenant_id == isolation.tenant_id(), SearchPosting.word == asked.c.word)
        .order_by(SearchPosting.weight.desc(), SearchPosting.product_id.desc())
        .limit(max(MOST_CANDIDATES // len(matches), 200))
        .lateral("best_of_word")
    )
    return (
        select(best.c.product_id, func.max(best.c.weight * asked.c.quality).label("best"))
        .select_from(asked.join(best, true()))
        .group_by(best.c.product_id)
        .subquery("lead")
    )


def _asked_about(matches: list[Match], lead: Subquery, name: str) -> Any:
    """(best) of a common term for one product of the lead; null where it does not answer."""
    asked = _asked(matches[:_MOST_PROBED], name)
    return (
        select(func.max(SearchPosting.weight * asked.c.quality).label("best"))
        .join(asked, asked.c.word == SearchPosting.word)
        .where(SearchPosting.tenant_id == isolation.tenant_id(), SearchPosting.product_id == lead.c.product_id)
        .lateral(name)
    )


def _by_rarity(matches: list[Match]) -> list[Match]:
    """The terms from the rarest to the most common one, common ones marked. One statement, in large shops only."""
    if not matches or not counting.kept().is_large:
        return matches
    asked = values(column("term", BigInteger), column("word", Text), name="asked").data(
        [(match.term, match.word) for match in matches]
    )
    terms = select(asked.c.term).distinct().subquery("terms")
    some = (
        select(SearchPosting.product_id)
        .join(asked, asked.c.word == SearchPosting.word)
        .where(SearchPosting.tenant_id == isolation.tenant_id(), asked.c.term == terms.c.term)
        .limit(MOST_CANDIDATES + 1)
        .lateral("some")
    )
    counted = select(terms.c.term, func.count()).select_from(terms.outerjoin(some, true())).group_by(terms.c.term)
    sizes: dict[int, int] = dict(db.session.execute(counted).all())  # type: ignore[arg-type]  # rows of two
    order = {term: place for place, term in enumerate(sorted(sizes, key=lambda term: sizes[term]))}
    return [
        Match(order[match.term], match.word, match.quality, sizes[match.term] > MOST_CANDIDATES) for match in matches
    ]


def words_of_product(product_id: UUID) -> dict[str, int]:
    """The words under which a product is filed now, with their weights."""
    wanted = select(SearchPosting.word, SearchPosting.weight).where(SearchPosting.product_id == product_id)
    return dict(db.session.execute(wanted).all())


def filed_words(words: Iterable[str]) -> set[str]:
    """Those of the words that the shop's dictionary holds already."""
    asked = sorted(set(words))
    heads = sorted({search.heading(word) for word in asked})
    wanted = select(SearchKey.word).where(SearchKey.key == any_(_texts(heads)), SearchKey.word == any_(_texts(asked)))
    return set(db.session.execute(wanted).scalars())


def _texts(values: list[str]) -> BindParameter[list[str]]:
    """A list as one parameter: `in` is put together anew for each length."""
    return bindparam(None, values, type_=ARRAY(Text()), unique=True)


def _keys_asked(term: str) -> Iterable[str]:
    yield search.heading(term)
    yield from search.near_spellings(term)


def _answers(number: int, term: str, filed: list[str]) -> list[Match]:
    ranked = sorted(((search.quality(term, word), word) for word in filed), key=lambda pair: (-pair[0], len(pair[1])))
    good = [(quality, word) for quality, word in ranked if quality >= 60] or [
        (quality, word) for quality, word in ranked if quality
    ]
    return [Match(number, word, quality) for quality, word in good[:_MOST_WORDS_A_TERM]] or [Match(number, term, 0)]
