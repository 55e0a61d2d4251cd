"""The signed-in shopper's own pages."""

from flask import Response, url_for

from app.core import login
from app.core.access import for_customers
from app.core.i18n import gettext
from app.core.ids import new_id
from app.core.text import normalise_email
from app.core.web import accepts, page, redirect_to
from app.shop.customers import hooks, jobs, queries, service
from app.shop.customers.schemas import ChangeEmail, ChangePassword, EditProfile
from app.shop.customers.storefront.door import door, me, my_id


@door.get("/account")
@for_customers
def index() -> Response:
    """Newest orders, default address, and the way to the rest."""
    customer = me()
    return page(
        "customers/storefront/index.html",
        customer=customer,
        orders=hooks.order_history().recent(customer.id, limit=5),
        addresses=queries.addresses_of(customer.id),
    )


@door.get("/account/profile")
@for_customers
def profile() -> Response:
    """Name, phone, consent, password, e-mail address."""
    return page("customers/storefront/profile.html", customer=me())


@door.post("/account/profile")
@for_customers
@accepts(EditProfile, again=profile)
def edit_profile(form: EditProfile) -> Response:
    """Save name, phone and consent."""
    service.edit_profile(my_id(), form)
    return redirect_to(url_for(".profile"), gettext("Your details are saved."))


@door.get("/account/password")
@for_customers
def own_password() -> Response:
    """The form that changes the password."""
    return page("customers/storefront/change_password.html", customer=me())


@door.post("/account/password")
@for_customers
@accepts(ChangePassword, again=own_password)
def change_password(form: ChangePassword) -> Response:
    """Change it, end every other session and go on with a fresh one."""
    login.rate_limit("shopper-account", str(my_id()), 10, 15 * 60)
    customer = service.change_password(my_id(), form.current_password, form.password)
    login.sign_in("customer", customer.id)
    return redirect_to(url_for(".profile"), gettext("Your password is changed. Other devices are signed out."))


@door.get("/account/email")
@for_customers
def own_email() -> Response:
    """The form that asks for a link to another address."""
    return page("customers/storefront/change_email.html", customer=me())


@door.post("/account/email")
@for_customers
@accepts(ChangeEmail, again=own_email)
def ask_to_change_email(form: ChangeEmail) -> Response:
    """Send the link that proves the new address; until then nothing changes."""
    customer = me()
    login.rate_limit("shopper-account", str(customer.id), 10, 15 * 60)
    service.confirm_password(customer.id, form.current_password)
    email = normalise_email(form.email)
    login.rate_limit("shopper-mails-to", email, 5, 3600)
    jobs.send_email_proof.enqueue(customer_id=customer.id, email=email, request_id=new_id())
    return redirect_to(
        url_for(".profile"), gettext("We have sent a link to %(email)s. Open it to finish the change.", email=email)
    )
