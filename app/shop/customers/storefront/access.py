"""Sign-up, sign-in and passwords.

Every answer here is the same for an address that has an account and for one that has none.
"""

from flask import Response, request, url_for

from app.core import login
from app.core.access import for_customers, public
from app.core.i18n import gettext
from app.core.ids import new_id
from app.core.text import is_local_path, normalise_email
from app.core.web import accepts, page, redirect_to
from app.shop.customers import jobs, queries, service
from app.shop.customers.schemas import AskForLink, ChoosePassword, ForgotPassword, OpenLink, SignIn, SignUp, UseLink
from app.shop.customers.storefront.door import door, my_id

QUARTER = 15 * 60


@door.get("/account/sign-in")
@public
def sign_in() -> Response:
    """The sign-in form; whoever is signed in goes on."""
    if queries.current_customer() is not None:
        return redirect_to(_next(request.args.get("next", "")))
    return page("customers/storefront/sign_in.html", next=request.values.get("next", ""))


@door.post("/account/sign-in")
@public
@accepts(SignIn, again=sign_in)
def check_sign_in(form: SignIn) -> Response:
    """Sign in, within limits for the visitor's address and for the account."""
    login.rate_limit("shopper-address", login.remote_address(), 60, QUARTER)
    login.rate_limit("shopper-account", normalise_email(form.email), 10, QUARTER)
    customer = service.check_sign_in(form.email, form.password)
    login.sign_in("customer", customer.id, remember=form.remember)
    return redirect_to(_next(form.next))


@door.post("/account/sign-out")
@public
@accepts(OpenLink)
def sign_out(form: OpenLink) -> Response:
    """End this browser's session; harmless for a guest."""
    login.sign_out("customer")
    return redirect_to(url_for(".sign_in"), gettext("You are signed out."))


@door.get("/account/sign-up")
@public
def sign_up() -> Response:
    """The form that asks for a mail link."""
    if queries.current_customer() is not None:
        return redirect_to(url_for(".index"))
    return page("customers/storefront/sign_up.html")


@door.post("/account/sign-up")
@public
@accepts(SignUp, again=sign_up)
def ask_to_sign_up(form: SignUp) -> Response:
    """Send the link that opens an account, or tell the owner of the address that there is one."""
    _limit_mails(form.email)
    jobs.send_sign_up_link.enqueue(email=normalise_email(form.email), name=form.name.strip(), request_id=new_id())
    return redirect_to(url_for(".look_in_your_mail"))


@door.get("/account/forgot")
@public
def forgot() -> Response:
    """The form that asks for a reset link."""
    return page("customers/storefront/forgot.html")


@door.post("/account/forgot")
@public
@accepts(ForgotPassword, again=forgot)
def ask_for_reset(form: ForgotPassword) -> Response:
    """Send a reset link where there is an account; the answer does not say whether there is."""
    _limit_mails(form.email)
    jobs.send_reset_link.enqueue(email=normalise_email(form.email), request_id=new_id())
    return redirect_to(url_for(".look_in_your_mail"))


@door.get("/account/link")
@public
def ask_for_link() -> Response:
    """The form that asks for a link which signs in without a password."""
    return page("customers/storefront/ask_for_link.html", next=request.values.get("next", ""))


@door.post("/account/link")
@public
@accepts(AskForLink, again=ask_for_link)
def send_link(form: AskForLink) -> Response:
    """Send a link where there is an account; the answer does not say whether there is."""
    _limit_mails(form.email)
    jobs.send_entry_link.enqueue(email=normalise_email(form.email), wanted=form.next, request_id=new_id())
    return redirect_to(url_for(".look_in_your_mail"))


@door.get("/account/link/<token>")
@public
def link_form(token: str) -> Response:
    """Ask for one more click: programs that look through mail open links, but press no buttons."""
    service.refuse_old_entry_link(token)
    response = page("customers/storefront/use_link.html", token=token, next=request.values.get("next", ""))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@door.post("/account/link/<token>")
@public
@accepts(UseLink)
def use_link(form: UseLink, token: str) -> Response:
    """Sign in; the link is used up."""
    login.rate_limit("shopper-address", login.remote_address(), 60, QUARTER)
    customer = service.use_entry_link(token)
    login.sign_in("customer", customer.id)
    return redirect_to(_next(form.next))


@door.get("/account/look-in-your-mail")
@public
def look_in_your_mail() -> Response:
    """Said after every request for a link."""
    return page("customers/storefront/mail_sent.html")


@door.get("/account/password/<token>")
@public
def password_form(token: str) -> Response:
    """Choose the password of the account that the mail link belongs to."""
    claim = service.claim_of(token)
    return page("customers/storefront/password.html", claim=claim, token=token)


@door.post("/account/password/<token>")
@public
@accepts(ChoosePassword, again=password_form)
def choose_password(form: ChoosePassword, token: str) -> Response:
    """Set it and sign in."""
    login.rate_limit("shopper-address", login.remote_address(), 60, QUARTER)
    customer = service.choose_password(token, form.password)
    login.sign_in("customer", customer.id)
    return redirect_to(url_for(".index"), gettext("Your password is set and you are signed in."))


@door.get("/account/email/<token>")
@for_customers
def email_form(token: str) -> Response:
    """Ask for the last click before the account moves to another address.

    Mail scanners open links; only the button changes something.
    """
    return page("customers/storefront/email.html", claim=service.email_claim_of(my_id(), token), token=token)


@door.post("/account/email/<token>")
@for_customers
@accepts(OpenLink, again=email_form)
def change_email(form: OpenLink, token: str) -> Response:
    """Move the account to the proved address."""
    service.change_email(my_id(), token)
    return redirect_to(url_for(".profile"), gettext("Your e-mail address is changed."))


def _limit_mails(email: str) -> None:
    login.rate_limit("shopper-mails-from", login.remote_address(), 20, 3600)
    login.rate_limit("shopper-mails-to", normalise_email(email), 5, 3600)


def _next(wanted: str) -> str:
    return wanted if wanted and is_local_path(wanted) else url_for(".index")
