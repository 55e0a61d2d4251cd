"""A stored message as the bytes that travel."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from app import settings
from app.core import clock, text
from app.platform.mail.errors import NotAnAddress


@dataclass(frozen=True)
class Letter:
    """Everything about a message that its delivery needs; plain values, so that no transaction stays open."""

    id: UUID
    to: str
    subject: str
    html: str
    text: str
    shop_name: str
    reply_to: str
    host: str


def one_line(value: str) -> str:
    """A header's value on one line, without anything that could begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def refuse_bad_address(to: str) -> None:
    """Raise NotAnAddress for anything but one plain address."""
    if not text.looks_like_email(to) or to != one_line(to):
        raise NotAnAddress(to=one_line(to)[:100])


def as_email(letter: Letter) -> EmailMessage:
    """The message with its headers. It names the shop and nobody else; its id stays the same when sent again."""
    refuse_bad_address(letter.to)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=one_line(letter.shop_name), addr_spec=settings.current().mail_from)
    message["To"] = Address(addr_spec=letter.to)
    if letter.reply_to and text.looks_like_email(letter.reply_to):
        message["Reply-To"] = Address(display_name=one_line(letter.shop_name), addr_spec=letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter.id}@{letter.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
