"""The letter about a plugin that was paused."""

from app.core.events import reacts_to
from app.core.i18n import gettext
from app.platform.mail import service as mail
from app.platform.plugins import declaring, queries
from app.platform.plugins.events import PluginPaused
from app.platform.plugins.models import PAUSED
from app.platform.staff import queries as staff


@reacts_to(PluginPaused)
def tell_of_pause(fact: PluginPaused) -> None:
    """Tell everybody who may do something about it; nobody once it was switched on again."""
    row = queries.state_of(fact.plugin)
    if row is None or row.state != PAUSED:
        return
    known = declaring.installed_as(fact.plugin)
    title = gettext(known.plugin.label) if known else fact.plugin
    for member in staff.all_staff():
        if "plugins.write" in staff.permissions_of(member):
            mail.send(
                "plugins/mail/paused",
                member.email,
                subject=gettext("%(title)s is paused", title=title),
                key=f"plugins.plugin_paused:{fact.pausing}:{member.id}",
                name=member.name,
                title=title,
                plugin=fact.plugin,
            )
