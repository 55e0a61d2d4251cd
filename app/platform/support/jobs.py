"""Letters about visits."""

from app.core import isolation
from app.core.events import reacts_to
from app.core.i18n import gettext
from app.platform.mail import service as mail
from app.platform.support import queries
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
