"""Mails that the customers room sends.

Requests ask for these with the address alone; whether it has an account is found out here, so
that the answer to the request says nothing about it, in words or in time.
"""

from uuid import UUID

from app.core.events import as_uuid
from app.core.i18n import gettext
from app.core.isolation import tenant_url
from app.core.jobs import every, for_each_tenant, job
from app.platform.mail import service as mail
from app.platform.tenancy.queries import current_shop
from app.shop.customers import links, queries, service


@job()
def send_sign_up_link(email: str, name: str, request_id: UUID) -> None:
    """The link that opens an account, or a word to its owner that there is one already."""
    customer = queries.by_email(email)
    shop = current_shop().name
    if customer is not None and customer.has_account:
        mail.send(
            "customers/mail/has_account",
            customer.email,
            subject=gettext("You already have an account at %(shop)s", shop=shop),
            key=f"has-account-{request_id}",
            name=customer.name,
            sign_in_url=tenant_url("/account/sign-in"),
            reset_url=links.for_reset(customer),
        )
        return
    mail.send(
        "customers/mail/sign_up",
        email,
        subject=gettext("Open your account at %(shop)s", shop=shop),
        key=f"sign-up-{request_id}",
        name=name,
        link=links.for_sign_up(email, name),
    )


@job()
def send_reset_link(email: str, request_id: UUID) -> None:
    """The link that sets a new password; nothing is sent to an address without an account."""
    customer = queries.by_email(email)
    if customer is None or not customer.has_account:
        return
    mail.send(
        "customers/mail/password_reset",
        customer.email,
        subject=gettext("Choose a new password for %(name)s", name=current_shop().name),
        key=f"password-reset-{request_id}",
        name=customer.name,
        link=links.for_reset(customer),
    )


@job()
def send_entry_link(email: str, wanted: str, request_id: UUID) -> None:
    """The link that signs somebody in once; nothing is sent to an address without an account."""
    customer = queries.by_email(email)
    if customer is None or not customer.has_account:
        return
    mail.send(
        "customers/mail/entry_link",
        customer.email,
        subject=gettext("Your sign-in link for %(name)s", name=current_shop().name),
        key=f"entry-link-{request_id}",
        name=customer.name,
        link=service.make_entry_link(customer, wanted),
    )


@every("41 3 * * *")
def sweep_entry_links() -> None:
    """Once a night."""
    for_each_tenant(service.forget_old_entry_links)


@job()
def send_email_proof(customer_id: UUID, email: str, request_id: UUID) -> None:
    """The link that proves a new address of an account."""
    customer = queries.by_id(as_uuid(customer_id))
    if customer is None:
        return
    mail.send(
        "customers/mail/email_proof",
        email,
        subject=gettext("Confirm your new e-mail address for %(name)s", name=current_shop().name),
        key=f"email-proof-{request_id}",
        name=customer.name,
        link=links.for_new_email(customer, email),
    )
