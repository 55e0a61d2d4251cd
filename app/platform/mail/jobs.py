"""Delivery, by the worker."""

from uuid import UUID

from app.core import db
from app.core.events import reacts_to
from app.core.jobs import job
from app.platform.mail import delivery, service
from app.platform.mail.delivery import NotDelivered
from app.platform.mail.events import MessageQueued, UrgentMessageQueued
from app.platform.mail.models import QUEUED
from app.platform.mail.queries import lock_message

MOST_ATTEMPTS = 8


@reacts_to(MessageQueued)
def hand_to_the_postman(fact: MessageQueued) -> None:
    """Delivery has a queue of its own, so that a slow mail server holds up nothing else."""
    deliver.enqueue(message_id=fact.message_id)


@reacts_to(UrgentMessageQueued)
def hand_over_at_once(fact: UrgentMessageQueued) -> None:
    """The same, in a suspended shop too."""
    deliver_urgent.enqueue(message_id=fact.message_id)


@job(queue="mail", retries=MOST_ATTEMPTS, waits=False)
def deliver_urgent(message_id: UUID) -> None:
    """Deliver a letter that people need to come in, in a suspended shop too."""
    deliver(message_id=message_id)


@job(queue="mail", retries=MOST_ATTEMPTS)
def deliver(message_id: UUID) -> None:
    """Hand one message to the mail server, between two transactions; try again later when that fails.

    A worker that is killed in between sends it twice under the same Message-ID, which mail programs show once.
    """
    message = lock_message(message_id)
    if message is None or message.status != QUEUED:
        return
    letter = service.letter_of(message)
    message.attempts += 1
    attempt = message.attempts
    db.checkpoint()
    try:
        delivery.current().deliver(letter)
    except NotDelivered as problem:
        is_final = problem.is_final or attempt >= MOST_ATTEMPTS
        service.was_not_sent(message, str(problem), is_final=is_final)
        db.checkpoint()
        if not is_final:
            raise
    else:
        service.was_sent(message)
