"""Background work of the branding room: a draft that waits for its time."""

from app.core.access import system_actor
from app.core.jobs import job
from app.platform.branding import service


@job()
def publish_at_its_time() -> None:
    """Publish the draft if its time has come; one that was moved, published or taken back meanwhile is left alone."""
    service.publish_if_due(by=system_actor("schedule"))
