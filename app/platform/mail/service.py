"""Everything that changes messages."""

from typing import Any
from uuid import UUID

from app.core import audit, clock, db, isolation
from app.core.access import Actor
from app.core.errors import NotFound
from app.core.events import publish
from app.platform.mail import envelope, queries, rendering
from app.platform.mail.envelope import Letter
from app.platform.mail.errors import MailWaits
from app.platform.mail.events import MessageQueued, UrgentMessageQueued
from app.platform.mail.models import FAILED, QUEUED, SENT, OutgoingMessage
from app.platform.tenancy import queries as tenancy

LONGEST_SUBJECT = 200


def send(template: str, to: str, *, subject: str, key: str, is_urgent: bool = False, **context: Any) -> OutgoingMessage:
    """Write a message in the shop's brand and have the worker deliver it once this transaction holds.

    `template` is "<room>/mail/<name>": an .html that extends ui/mail.html and a .txt that extends ui/mail.txt. A
    second call with the same `key` gives back the first message and sends nothing. Called from reactions and jobs.
    `is_urgent` leaves in a suspended shop too.
    Raises NotAnAddress.
    """
    envelope.refuse_bad_address(to)
    known = queries.message_by_key(key)
    if known is not None:
        return known
    subject = envelope.one_line(subject)[:LONGEST_SUBJECT]
    html, text = rendering.render(template, subject, context)
    message = OutgoingMessage(key=key, template=template, to=to, subject=subject, html=html, text=text)
    db.add(message)
    db.flush()
    publish((UrgentMessageQueued if is_urgent else MessageQueued)(message_id=message.id))
    return message


def send_again(message_id: UUID, *, by: Actor) -> OutgoingMessage:
    """Have a letter that was sent, or could not be, delivered once more to whom it was written. Raises MailWaits."""
    message = queries.lock_message(message_id)
    if message is None:
        raise NotFound
    if message.status == QUEUED:
        raise MailWaits
    message.status, message.attempts, message.error = QUEUED, 0, ""
    audit.record(by, "mail.sent_again", message, name=message.subject)
    publish(MessageQueued(message_id=message.id))
    return message


def letter_of(message: OutgoingMessage) -> Letter:
    """A message as plain values, with what the shop adds to its envelope."""
    shop = tenancy.current_shop()
    return Letter(
        id=message.id,
        to=message.to,
        subject=message.subject,
        html=message.html,
        text=message.text,
        shop_name=shop.name,
        reply_to=shop.contact_email,
        host=tenancy.primary_host(isolation.tenant_id()),
    )


def was_sent(message: OutgoingMessage) -> None:
    """It left."""
    message.status, message.sent_at, message.error = SENT, clock.now(), ""


def was_not_sent(message: OutgoingMessage, reason: str, *, is_final: bool) -> None:
    """It did not leave; a final failure is not tried again."""
    message.error = reason
    if is_final:
        message.status = FAILED
