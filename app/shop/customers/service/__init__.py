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
from app.shop.customers.service.entry import (
    forget_old_entry_links,
    make_entry_link,
    refuse_old_entry_link,
    use_entry_link,
)
from app.shop.customers.service.people import (
    add_tag,
    create,
    edit,
    erase,
    make_findable,
    note_spending,
    remember,
    remove_tag,
    set_tags,
    unsubscribe,
)

__all__ = [
    "add_address",
    "add_tag",
    "change_address",
    "change_email",
    "change_password",
    "check_sign_in",
    "choose_password",
    "claim_of",
    "confirm_password",
    "create",
    "edit",
    "edit_profile",
    "email_claim_of",
    "erase",
    "forget_old_entry_links",
    "make_default",
    "make_entry_link",
    "make_findable",
    "note_spending",
    "refuse_old_entry_link",
    "remember",
    "remove_address",
    "remove_tag",
    "set_tags",
    "unsubscribe",
    "use_entry_link",
]
