"""Background work of tenancy."""

from app.core.jobs import every
from app.platform.tenancy import service


@every("*/15 * * * *")
def finish_abandoned_openings() -> None:
    """A process that died while a shop was opening leaves neither a half shop nor a lost address."""
    service.finish_abandoned_openings()
