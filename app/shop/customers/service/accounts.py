"""Accounts: their password, their address, their proof."""

from typing import Any
from uuid import UUID

from app.core import clock, db, login
from app.core.errors import NotFound
from app.core.events import publish
from app.core.text import normalise_email
from app.shop.customers import events, hooks, links, queries
from app.shop.customers.errors import AddressTaken, LinkUsedUp, WrongCredentials, WrongPassword
from app.shop.customers.models import Customer
from app.shop.customers.schemas import EditProfile
from app.shop.customers.service import entry, people


def check_sign_in(email: str, password: str) -> Customer:
    """The account that address and password belong to.

    An unknown address, a guest and a wrong password raise the same WrongCredentials after the
    same time.
    """
    customer = queries.by_email(email)
    stored = customer.password_hash if customer is not None else None
    if not login.verify_password(stored, password) or customer is None:
        raise WrongCredentials()
    return customer


def claim_of(token: str) -> dict[str, Any]:
    """What a password link says, while it still works. Raises NotFound and LinkUsedUp."""
    claim = links.password_claim(token)
    customer = queries.by_email(claim["email"])
    if claim["version"] != (customer.credentials_version if customer else 0):
        raise LinkUsedUp()
    return claim


def choose_password(token: str, password: str) -> Customer:
    """Set the password of whoever opened the mail link, and thereby prove the address.

    Opens the account when there was none; a guest's earlier orders are then in it. Ends every
    session of the account. Raises NotFound and LinkUsedUp.
    """
    claim = links.password_claim(token)
    customer = queries.lock_by_email(claim["email"])
    if claim["version"] != (customer.credentials_version if customer else 0):
        raise LinkUsedUp()
    customer = customer or people.new_customer(claim["email"])
    is_new = not customer.has_account
    customer.name = customer.name or str(claim.get("name", "")).strip()
    people.make_findable(customer)
    customer.email_proved_at = customer.email_proved_at or clock.now()
    _set_password(customer, password)
    if is_new:
        publish(events.AccountOpened(customer_id=customer.id, email=customer.email))
    return customer


def change_password(customer_id: UUID, current: str, password: str) -> Customer:
    """Another password, for somebody who knows the present one. Raises WrongPassword."""
    customer = queries.lock(customer_id)
    if not login.verify_password(customer.password_hash, current):
        raise WrongPassword()
    _set_password(customer, password)
    return customer


def _set_password(customer: Customer, password: str) -> None:
    customer.password_hash = login.hash_password(password)
    customer.credentials_version += 1
    entry.forget_entry_links(customer.id)
    login.sign_out_everywhere("customer", customer.id)
    publish(events.PasswordChanged(customer_id=customer.id))


def confirm_password(customer_id: UUID, password: str) -> None:
    """Ask for the password again before something that matters. Raises WrongPassword."""
    customer = queries.get(customer_id)
    if not login.verify_password(customer.password_hash, password):
        raise WrongPassword()


def email_claim_of(customer_id: UUID, token: str) -> dict[str, Any]:
    """What an address link of this account says, while it still works. Raises NotFound and LinkUsedUp."""
    claim = links.email_claim(token)
    if claim["id"] != str(customer_id):
        raise NotFound()
    if claim["version"] != queries.get(customer_id).credentials_version:
        raise LinkUsedUp()
    return claim


def change_email(customer_id: UUID, token: str) -> Customer:
    """Move an account to the address that the mail link proved.

    A guest with that address is merged into the account, orders included. Raises NotFound,
    LinkUsedUp and AddressTaken.
    """
    customer = queries.lock(customer_id)
    claim = email_claim_of(customer_id, token)
    email = normalise_email(claim["email"])
    other = queries.lock_by_email(email)
    if other is not None and other.id != customer.id:
        _absorb(customer, other)
    customer.email, customer.email_proved_at = email, clock.now()
    customer.credentials_version += 1
    entry.forget_entry_links(customer.id)
    people.make_findable(customer)
    publish(events.AddressProved(customer_id=customer.id, email=email))
    return customer


def _absorb(customer: Customer, guest: Customer) -> None:
    if guest.has_account:
        raise AddressTaken()
    hooks.order_history().adopt(customer.id, guest.id)
    customer.set_consent(customer.accepts_marketing or guest.accepts_marketing, at=clock.now())
    db.delete(guest)
    db.flush()


def edit_profile(customer_id: UUID, form: EditProfile) -> Customer:
    """Name, phone and consent of the shopper's own account."""
    customer = queries.lock(customer_id)
    customer.name, customer.phone = form.name.strip(), form.phone.strip()
    customer.set_consent(form.accepts_marketing, at=clock.now())
    people.make_findable(customer)
    return customer
