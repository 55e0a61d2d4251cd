"""The letter about a paused endpoint, and old deliveries that go."""

from app.core import db, jobs
from app.core.events import reacts_to
from app.core.i18n import gettext
from app.platform.mail import service as mail
from app.platform.staff import queries as staff
from app.platform.webhooks import queries, sweeping
from app.platform.webhooks.events import EndpointPaused
from app.platform.webhooks.models import GONE, PAUSED


@reacts_to(EndpointPaused)
def tell_of_pause(fact: EndpointPaused) -> None:
    """Tell everybody who may do something about it; nobody once it was resumed or removed."""
    endpoint = queries.endpoint_if_any(fact.endpoint_id)
    if endpoint is None or endpoint.state != PAUSED:
        return
    for member in staff.all_staff():
        if "webhooks.write" in staff.permissions_of(member):
            mail.send(
                "webhooks/mail/paused",
                member.email,
                subject=gettext("Webhooks to %(host)s are paused", host=endpoint.host),
                key=f"webhooks.endpoint_paused:{fact.pausing}:{member.id}",
                name=member.name,
                endpoint=endpoint,
                is_gone=fact.because == GONE,
            )


@jobs.every("41 3 * * *")
def sweep() -> None:
    """Deliveries and their attempts go thirty days after they were made."""

    def in_shop() -> None:
        while sweeping.remove_old():
            db.checkpoint()

    jobs.for_each_tenant(in_shop)
