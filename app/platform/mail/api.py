"""Letters for programs: what became of them, never what stands in them."""

from __future__ import annotations

from uuid import UUID

from app.core.access import current_actor, requires
from app.core.ids import PREFIXES, from_public, to_public
from app.core.rest import ApiDoor, Page, accepts, page_of, returns
from app.platform.mail import queries, service
from app.platform.mail.errors import MailWaits
from app.platform.mail.models import OutgoingMessage
from app.platform.mail.schemas import MessageOut, MessagesWanted

door = ApiDoor("mail")


@door.get("/mails")
@requires("mail.read")
@returns(Page[MessageOut])
@accepts(MessagesWanted)
def list_messages(query: MessagesWanted) -> Page[MessageOut]:
    """List the letters of the shop by their envelopes, newest first or as `sort` says."""
    found = queries.listed(query)
    return page_of([_message(one) for one in found.rows], found.next or None)


@door.get("/mails/<message_id>")
@requires("mail.read")
@returns(MessageOut)
def get_message(message_id: str) -> MessageOut:
    """Read what became of one letter. What stands in it is told to nobody but its reader."""
    return _message(queries.message_or_404(_id(message_id)))


@door.post("/mails/<message_id>/resend")
@requires("mail.send")
@returns(MessageOut, errors=(MailWaits,), status=202)
def resend_message(message_id: str) -> MessageOut:
    """Send a letter once more, to the same address, after it was sent or has failed."""
    return _message(service.send_again(_id(message_id), by=current_actor()))


def _id(text: str) -> UUID:
    return from_public(PREFIXES["message_id"], text)


def _message(one: OutgoingMessage) -> MessageOut:
    return MessageOut(
        id=to_public(PREFIXES["message_id"], one.id), to=one.to, subject=one.subject, template=one.template,
        status=one.status, attempts=one.attempts, error=one.error, created_at=one.created_at, sent_at=one.sent_at,
    )  # fmt: skip
