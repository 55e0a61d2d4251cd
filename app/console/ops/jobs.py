"""Background work of the operator's room."""

from app.console.ops import database, measuring
from app.core import clock, isolation, jobs
from app.core.jobs import every, for_each_tenant


@every("*/10 * * * *")
def measure_tenants() -> None:
    """What every open tenant has and how it does, each in a transaction of its own."""
    standing = jobs.standing(clock.now() - measuring.A_WEEK)
    for_each_tenant(lambda: measuring.measure(standing.get(isolation.tenant_id(), jobs.NOTHING)))


@every("37 2 * * *")
def tend_database() -> None:
    """Keep the planner's figures fresh, and write down how large tables are."""
    database.tend()
    database.write_sizes_down()
