"""Finding orders among a million: by number, or by the beginning of an e-mail address or name.

Row-level security lets only leakproof comparisons use an index, and LIKE is none. So beginnings are ranges of text;
only where nothing begins like this are the newest orders looked through letter by letter.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from app.core import db
from app.core.keyset import begins
from app.core.text import fold
from app.shop.orders.models import Order

LOOKED_THROUGH = 5000


def matches(query: str) -> ColumnElement[bool]:
    """The rule of a search: number with or without #, e-mail address, name, family name."""
    text = fold(query).lstrip("#").strip()
    rule = or_(
        Order.number == text, begins(Order.email, text), begins(Order.name_key, text), begins(Order.surname_key, text)
    )
    if db.session.scalar(select(Order.id).where(rule).limit(1)) is not None:
        return rule
    newest = select(Order.id).order_by(Order.placed_at.desc(), Order.id.desc()).limit(LOOKED_THROUGH)
    return and_(Order.id.in_(newest.scalar_subquery()), Order.search.contains(text, autoescape=True))
