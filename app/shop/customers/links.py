"""Links in mails that prove an address. A link works once: it names the credentials it was made for."""

from typing import Any

from app.core.isolation import tenant_url
from app.core.links import sign, unsign
from app.shop.customers.models import Customer

PASSWORD, EMAIL = "customers.password", "customers.email"
SIGN_UP_LASTS = 24 * 3600
RESET_LASTS = 3600


def for_sign_up(email: str, name: str) -> str:
    """Opens the page on which a new account gets its password."""
    claim = {"email": email, "name": name, "version": 0}
    return tenant_url(f"/account/password/{sign(PASSWORD, claim, SIGN_UP_LASTS)}")


def for_reset(customer: Customer) -> str:
    """Opens the page on which an account gets another password."""
    claim = {"email": customer.email, "name": customer.name, "version": customer.credentials_version}
    return tenant_url(f"/account/password/{sign(PASSWORD, claim, RESET_LASTS)}")


def for_new_email(customer: Customer, email: str) -> str:
    """Opens the page that moves the account to another address."""
    claim = {"id": str(customer.id), "email": email, "version": customer.credentials_version}
    return tenant_url(f"/account/email/{sign(EMAIL, claim, SIGN_UP_LASTS)}")


def password_claim(token: str) -> dict[str, Any]:
    """Who may choose a password; raises NotFound when forged or over."""
    return unsign(PASSWORD, token)


def email_claim(token: str) -> dict[str, Any]:
    """Which account moves to which address; raises NotFound when forged or over."""
    return unsign(EMAIL, token)
