"""Everything that reads customers."""

from uuid import UUID

from sqlalchemy import func, select

from app.core import db, login
from app.core.errors import NotFound
from app.core.text import normalise_email
from app.shop.customers.models import Address, Customer


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
    found = db.session.scalar(select(Customer).where(Customer.id == customer_id).with_for_update())
    if found is None:
        raise NotFound()
    return found


def addresses_of(customer_id: UUID) -> list[Address]:
    """The address book, default first."""
    statement = (
        select(Address)
        .where(Address.customer_id == customer_id)
        .order_by(Address.is_default.desc(), Address.id)
    )
    return list(db.session.scalars(statement))


def address_of(customer_id: UUID, address_id: UUID) -> Address:
    """One address of this customer and of nobody else; raises NotFound."""
    statement = select(Address).where(Address.customer_id == customer_id, Address.id == address_id)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound()
    return found


def count() -> int:
    """How many customers the shop knows."""
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0
