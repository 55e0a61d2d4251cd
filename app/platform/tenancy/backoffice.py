"""Door: what the shop's plan allows and how much of it is used."""

from flask import Response

from app.core.access import requires
from app.core.web import BackofficeDoor, page
from app.platform.tenancy import plans

door = BackofficeDoor("tenancy")


@door.get("/plan")
@requires("settings.read")
def plan() -> Response:
    """The plan with a bar for each limit."""
    found = plans.plan_here()
    return page(
        "tenancy/backoffice/plan.html", plan=found, uses=plans.uses_here(), amount=plans.amount, words=plans.LIMITED
    )
