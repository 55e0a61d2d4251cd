"""Old lines of the log go."""

from app.core import jobs
from app.platform.developers import sweeping


@jobs.every("53 3 * * *")
def sweep() -> None:
    """Once a night."""
    jobs.for_each_tenant(sweeping.remove_old)
