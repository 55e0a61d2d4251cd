"""Everything that reads messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app import settings
from app.core import db, keyset
from app.core.errors import NotFound
from app.platform.mail.models import OutgoingMessage
from app.platform.mail.schemas import MessagesWanted
from app.platform.tenancy import queries as tenancy


@dataclass(frozen=True)
class MailboxMessage:
    """A message as the development mailbox shows it."""

    id: UUID
    tenant_slug: str
    to: str
    subject: str
    html: str
    text: str
    status: str
    error: str
    created_at: datetime


def message_by_key(key: str) -> OutgoingMessage | None:
    """The message that was sent under this key."""
    return db.session.scalars(select(OutgoingMessage).where(OutgoingMessage.key == key)).first()


def lock_message(message_id: UUID) -> OutgoingMessage | None:
    """A message, locked: two workers do not send it at once."""
    statement = select(OutgoingMessage).where(OutgoingMessage.id == message_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).first()


def listed(wanted: MessagesWanted) -> keyset.Slice[OutgoingMessage]:
    """This shop's messages by when they were written: of a state, to an address, of a time."""
    chosen = select(OutgoingMessage)
    if wanted.status:
        chosen = chosen.where(OutgoingMessage.status == wanted.status)
    if wanted.to:
        chosen = chosen.where(OutgoingMessage.to == wanted.to.strip())
    return keyset.dated(db.session, chosen, wanted, OutgoingMessage.created_at, OutgoingMessage.id)


def message_or_404(message_id: UUID) -> OutgoingMessage:
    """A message of this shop; raises NotFound."""
    found = db.session.scalars(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).first()
    if found is None:
        raise NotFound
    return found


def recent(limit: int = 100) -> list[OutgoingMessage]:
    """This shop's messages, the newest first."""
    newest = OutgoingMessage.created_at.desc(), OutgoingMessage.id.desc()
    return list(db.session.scalars(select(OutgoingMessage).order_by(*newest).limit(limit)))


def mailbox(limit: int = 100) -> list[MailboxMessage]:
    """What all shops have sent, the newest first: for the mailbox page of a developer's machine.

    Each shop is read in a transaction of its own, as everywhere. Raises NotFound in production.
    """
    newest_first = sorted(_everybodys(limit), key=lambda message: message.created_at, reverse=True)
    return newest_first[:limit]


def mailbox_message(message_id: UUID) -> MailboxMessage:
    """One message of any shop. Raises NotFound, and always in production."""
    for message in _everybodys(1, message_id):
        return message
    raise NotFound


def _everybodys(limit: int, message_id: UUID | None = None) -> Iterator[MailboxMessage]:
    if settings.current().is_production:
        raise NotFound
    for tenant in [(one.id, one.slug) for one in tenancy.all_tenants()]:
        with db.unit_of_work(tenant[0]):
            rows = recent(limit) if message_id is None else _one(message_id)
            found = [_shown(row, tenant[1]) for row in rows]
        yield from found


def _one(message_id: UUID) -> list[OutgoingMessage]:
    return list(db.session.scalars(select(OutgoingMessage).where(OutgoingMessage.id == message_id)))


def _shown(row: OutgoingMessage, slug: str) -> MailboxMessage:
    return MailboxMessage(
        id=row.id,
        tenant_slug=slug,
        to=row.to,
        subject=row.subject,
        html=row.html,
        text=row.text,
        status=row.status,
        error=row.error,
        created_at=row.created_at,
    )
