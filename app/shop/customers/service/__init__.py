"""Everything that changes customers."""

from app.shop.customers.service.accounts import (
    change_email,
    change_password,
    check_sign_in,
    choose_password,
    claim_of,
    confirm_password,
    edit_profile,
    email_claim_of,
)
from app.shop.customers.service.book import (
    add_address,
    change_address,
    make_default,
    remove_address,
)
from app.shop.customers.service.people import edit, remember, search_text

__all__ = [
    "add_address",
    "change_address",
    "change_email",
    "change_password",
    "check_sign_in",
    "choose_password",
    "claim_of",
    "confirm_password",
    "edit",
    "edit_profile",
    "email_claim_of",
    "make_default",
    "remember",
    "remove_address",
    "search_text",
]
