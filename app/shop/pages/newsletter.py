"""Who wants the shop's news: asked for on the page, confirmed by mail, ended by one click.

An address becomes part of the list only when its owner answers the mail. Every answer on the page is the same, whether
an address is new, known or waiting, so that nobody learns who reads a shop's news.
"""

from __future__ import annotations

from app.core import clock, db
from app.core.i18n import gettext as _
from app.core.isolation import tenant_url
from app.core.jobs import job
from app.core.links import sign, unsign
from app.core.text import normalise_email
from app.platform.mail import service as mail
from app.platform.tenancy.queries import current_shop
from app.shop.pages import queries
from app.shop.pages.models import Subscriber

YES, NO = "pages.newsletter", "pages.newsletter-off"
ANSWER_WITHIN = 7 * 86400
LEAVE_WITHIN = 5 * 365 * 86400


def ask(email: str, wording: str) -> None:
    """Note that somebody wants the news, and have the mail sent that asks whether it was them."""
    address = normalise_email(email)
    row = queries.lock_subscriber(address)
    if row is None:
        row = db.add(Subscriber(email=address))
    if row.status == "confirmed":
        return
    row.status, row.wording = "asked", wording[:500]
    db.flush()
    send_question.enqueue(email=address, key=f"newsletter:{row.id}:{clock.now():%Y%m%d%H}")


@job()
def send_question(email: str, key: str) -> None:
    """Mail the link that confirms."""
    mail.send(
        "pages/mail/newsletter",
        email,
        subject=_("Please confirm: news from %(shop)s", shop=current_shop().name),
        key=key,
        link=tenant_url(f"/newsletter/{sign(YES, {'email': email}, ANSWER_WITHIN)}"),
    )


def address_in(token: str) -> str:
    """Whose answer a link is. Raises NotFound when forged or over."""
    return str(unsign(YES, token)["email"])


def confirm(token: str) -> None:
    """Take an address into the list. Raises NotFound when the link is forged or over."""
    row = queries.lock_subscriber(address_in(token))
    if row is not None and row.status != "confirmed":
        row.status, row.confirmed_at = "confirmed", clock.now()
        db.flush()


def leave_link(email: str) -> str:
    """The address that ends the news; stands in every letter."""
    return tenant_url(f"/newsletter/leave/{sign(NO, {'email': email}, LEAVE_WITHIN)}")


def address_leaving(token: str) -> str:
    """Who wants no more news. Raises NotFound when the link is forged."""
    return str(unsign(NO, token)["email"])


def leave(token: str) -> None:
    """Take an address off the list. Raises NotFound when the link is forged."""
    row = queries.lock_subscriber(address_leaving(token))
    if row is not None:
        row.status = "left"
        db.flush()
