"""Everything that reads customers."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core import db, keyset, login
from app.core.errors import NotFound
from app.core.text import fold, normalise_email
from app.shop.customers.models import Address, Customer
from app.shop.customers.schemas import CustomerFilter

PAGE_SIZE = 25
VIEWS: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "accounts": Customer.password_hash.is_not(None),
    "guests": Customer.password_hash.is_(None),
    "marketing": Customer.accepts_marketing.is_(True),
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
    """One page of the customers list, newest first, as the filter in the address says."""
    statement = select(Customer)
    rule = VIEWS[wanted.view]
    if rule is not None:
        statement = statement.where(rule)
    if wanted.q.strip():
        statement = statement.where(Customer.search.contains(fold(wanted.q), autoescape=True))
    order = keyset.Order(Customer.created_at, Customer.id)
    return keyset.fetch(db.session, statement, order, wanted.cursor, size)


def counts() -> dict[str, int]:
    """The numbers on the tabs, in one statement."""
    columns = [
        func.count().label(name) if rule is None else func.count().filter(rule).label(name)
        for name, rule in VIEWS.items()
    ]
    return dict(db.session.execute(select(*columns).select_from(Customer)).one()._mapping)


def count() -> int:
    """How many customers the shop knows."""
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0
