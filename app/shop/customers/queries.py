"""Everything that reads customers."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import with_expression

from app.core import db, keyset, login
from app.core.errors import NotFound
from app.core.ids import unknown
from app.core.keyset import begins
from app.core.text import fold, normalise_email
from app.shop.customers.models import Address, Customer, CustomerTag, EntryLink
from app.shop.customers.programs import ListCustomers
from app.shop.customers.schemas import CustomerFilter

PAGE_SIZE = 25
COUNTED_UP_TO = 200
LOOKED_THROUGH = 5000
_SORTS = {
    "newest": (Customer.created_at, True),
    "oldest": (Customer.created_at, False),
    "changed": (Customer.updated_at, True),
    "changed_up": (Customer.updated_at, False),
    "name": (Customer.name_key, False),
    "name_down": (Customer.name_key, True),
    "spent": (Customer.spent, True),
    "spent_up": (Customer.spent, False),
    "orders": (Customer.order_count, True),
    "orders_up": (Customer.order_count, False),
}
_TAGS = (
    select(func.array_agg(aggregate_order_by(CustomerTag.tag, CustomerTag.tag)))
    .where(CustomerTag.tenant_id == Customer.tenant_id, CustomerTag.customer_id == Customer.id)
    .scalar_subquery()
)
VIEWS: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "accounts": Customer.password_hash.is_not(None),
    "guests": Customer.password_hash.is_(None),
    "marketing": Customer.accepts_marketing.is_(True),
    "returning": Customer.order_count > 1,
}


def current_customer() -> Customer | None:
    """The signed-in shopper, or None for a guest."""
    customer_id = login.current_subject("customer")
    return None if customer_id is None else by_id(customer_id)


def by_id(customer_id: UUID) -> Customer | None:
    """One customer, or None."""
    return db.session.scalar(select(Customer).where(Customer.id == customer_id))


def get(customer_id: UUID) -> Customer:
    """One customer; raises NotFound."""
    customer = by_id(customer_id)
    if customer is None:
        raise NotFound()
    return customer


def named(customer_id: UUID, field: str) -> Customer:
    """One customer whom a body names in this field; raises InvalidInput beside it."""
    customer = by_id(customer_id)
    if customer is None:
        raise unknown(field)
    return customer


def by_email(email: str) -> Customer | None:
    """The customer with this address, however it was typed."""
    return db.session.scalar(select(Customer).where(Customer.email == normalise_email(email)))


def lock(customer_id: UUID) -> Customer:
    """One customer for changing; raises NotFound."""
    statement = select(Customer).where(Customer.id == customer_id).with_for_update()
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def lock_by_email(email: str) -> Customer | None:
    """The customer with this address for changing, or None."""
    statement = select(Customer).where(Customer.email == normalise_email(email)).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))


def addresses_of(customer_id: UUID) -> list[Address]:
    """The address book, default first."""
    statement = (
        select(Address).where(Address.customer_id == customer_id).order_by(Address.is_default.desc(), Address.id)
    )
    return list(db.session.scalars(statement))


def address_of(customer_id: UUID, address_id: UUID) -> Address:
    """One address of this customer and of nobody else; raises NotFound."""
    statement = select(Address).where(Address.customer_id == customer_id, Address.id == address_id)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def listing(wanted: CustomerFilter, size: int = PAGE_SIZE) -> keyset.Slice[Customer]:
    """One page of the customers list, as the filter in the address says."""
    return _slice(select(Customer), wanted, size)


def listing_with_counts(wanted: CustomerFilter) -> tuple[keyset.Slice[Customer], dict[str, int]]:
    """The same with tags, and with the numbers on the tabs: none is counted further than COUNTED_UP_TO."""
    found = _slice(_with_tags_and_counts(), wanted, PAGE_SIZE)
    known = found.rows[0].beside if found.rows else db.session.scalar(select(_numbers()))
    return found, dict(zip(VIEWS, known or [], strict=True))


@cache
def _with_tags_and_counts() -> Select[Customer]:
    return select(Customer).options(with_expression(Customer.tags, _TAGS), with_expression(Customer.beside, _numbers()))


@cache
def _numbers() -> ColumnElement[Any]:
    return func.jsonb_build_array(*[_counted(rule) for rule in VIEWS.values()], type_=JSONB)


def listing_for_programs(wanted: CustomerFilter, asked: ListCustomers) -> keyset.Slice[Customer]:
    """The same with tags and nothing counted; of the moments, and the address, that a program names."""
    statement = select(Customer).options(with_expression(Customer.tags, _TAGS))
    if asked.email:
        statement = statement.where(Customer.email == normalise_email(asked.email))
    statement = keyset.within(statement, asked, Customer.created_at, Customer.updated_at)
    return _slice(statement, wanted, asked.limit)


def with_tags(customer_id: UUID) -> Customer:
    """One customer with tags, as it is now; raises NotFound."""
    db.flush()
    statement = select(Customer).options(with_expression(Customer.tags, _TAGS)).where(Customer.id == customer_id)
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def check_all_exist(customer_ids: Sequence[UUID], field: str) -> None:
    """Raise InvalidInput beside the field of a body that names somebody who is not this shop's."""
    number = db.session.scalar(select(func.count()).select_from(Customer).where(Customer.id.in_(customer_ids)))
    if number != len(set(customer_ids)):
        raise unknown(field)


def some(customer_ids: Sequence[UUID]) -> list[Customer]:
    """Several customers for changing, in the order of their ids so that nobody deadlocks."""
    statement = select(Customer).where(Customer.id.in_(customer_ids)).order_by(Customer.id).with_for_update()
    return list(db.session.scalars(statement.execution_options(populate_existing=True))) if customer_ids else []


def these(customer_ids: Sequence[UUID]) -> Sequence[Customer]:
    """Several customers with their tags, for reading."""
    return db.session.scalars(
        select(Customer).options(with_expression(Customer.tags, _TAGS)).where(Customer.id.in_(customer_ids))
    ).all()


def entry_link(token_hash: bytes) -> EntryLink | None:
    """The mailed sign-in link with this hash, used up or not made here: None."""
    return db.session.scalar(select(EntryLink).where(EntryLink.token_hash == token_hash))


def lock_entry_link(token_hash: bytes) -> EntryLink | None:
    """The same, locked, so that of two clicks one comes in."""
    wanted = select(EntryLink).where(EntryLink.token_hash == token_hash).with_for_update()
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def entry_links_of(customer_id: UUID) -> list[EntryLink]:
    """Every sign-in link of a customer that is out."""
    return list(db.session.scalars(select(EntryLink).where(EntryLink.customer_id == customer_id)))


def tags_of(customer_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The tags of each of these customers; those without any are absent."""
    statement = select(CustomerTag).where(CustomerTag.customer_id.in_(customer_ids)).order_by(CustomerTag.tag)
    found: dict[UUID, list[str]] = {}
    for row in db.session.scalars(statement) if customer_ids else ():
        found.setdefault(row.customer_id, []).append(row.tag)
    return found


def lock_tags_of(customer_id: UUID, tag: str = "") -> list[CustomerTag]:
    """The tags of one customer, or one of them, for taking them off."""
    statement = select(CustomerTag).where(CustomerTag.customer_id == customer_id)
    if tag:
        statement = statement.where(CustomerTag.tag == tag)
    return list(db.session.scalars(statement.with_for_update()))


def count() -> int:
    """How many customers the shop knows."""
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def _slice(statement: Select[Customer], wanted: CustomerFilter, size: int) -> keyset.Slice[Customer]:
    rule, query, (column, descending) = VIEWS[wanted.view], wanted.q.strip(), _SORTS[wanted.sort]
    if rule is not None:
        statement = statement.where(rule)
    if wanted.tag.strip():
        tagged = select(CustomerTag.customer_id).where(CustomerTag.tag == wanted.tag.strip())
        statement = statement.where(Customer.id.in_(tagged.scalar_subquery()))
    if query:
        statement = statement.where(_matches(query))
    return keyset.fetch(db.session, statement, keyset.Order(column, Customer.id, descending), wanted.cursor, size)


def _matches(query: str) -> ColumnElement[bool]:
    """The beginning of an e-mail address or of a name; where nothing begins so, any part among the newest."""
    text = fold(query)
    rule = or_(*[begins(column, text) for column in (Customer.email, Customer.name_key, Customer.surname_key)])
    if db.session.scalar(select(Customer.id).where(rule).limit(1)) is not None:
        return rule
    newest = select(Customer.id).order_by(Customer.created_at.desc(), Customer.id.desc()).limit(LOOKED_THROUGH)
    return and_(Customer.id.in_(newest.scalar_subquery()), Customer.search.contains(text, autoescape=True))


def _counted(rule: ColumnElement[bool] | None) -> ScalarSelect[int]:
    some = select(Customer.id).limit(COUNTED_UP_TO)
    return select(func.count()).select_from((some if rule is None else some.where(rule)).subquery()).scalar_subquery()
