"""Letters about visits, and closing those whose time is over."""

from app.core import isolation
from app.core.events import reacts_to
from app.core.i18n import gettext
from app.core.jobs import every, for_each_tenant
from app.platform.mail import service as mail
from app.platform.support import queries, service
from app.platform.support.events import SupportAsked


@reacts_to(SupportAsked)
def tell_owners(fact: SupportAsked) -> None:
    """Tell every owner who comes, why, for how long, and where to end it."""
    session = queries.find(fact.session_id)
    if session is None:
        return
    for owner in queries.owners():
        mail.send(
            "support/mail/asked",
            owner.email,
            subject=gettext("%(name)s asks to come into your back office", name=session.operator_name)
            if session.waits
            else gettext("%(name)s may come into your back office", name=session.operator_name),
            key=f"support.asked:{session.id}:{owner.id}",
            name=owner.name,
            session=session,
            link=isolation.tenant_url("/admin/support"),
        )


@every("*/5 * * * *")
def close_visits() -> None:
    """A visit that is over lets nobody in from that moment; here it is written down and leaves the shop's pages."""
    for_each_tenant(service.close_those_over)
