"""Background work of the operator's room."""

from app.console.ops import measuring
from app.core.jobs import every, for_each_tenant


@every("*/10 * * * *")
def measure_tenants() -> None:
    """What every open tenant has and how it does, each in a transaction of its own."""
    for_each_tenant(measuring.measure)
