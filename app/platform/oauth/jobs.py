"""What is over goes: codes, refresh tokens, tokens taken back."""

from app.core import jobs
from app.platform.oauth import sweeping


@jobs.every("23 3 * * *")
def sweep() -> None:
    """Once a night."""
    jobs.for_each_tenant(sweeping.remove_old)
