"""What tenants have and how they do, counted by each tenant's own job, so that the operator reads no tenant's rows."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core import clock, db, isolation
from app.core.events import Event
from app.core.i18n import gettext
from app.core.jobs import NOTHING, Standing
from app.platform.developers.models import ApiRequest
from app.platform.mail import service as mail
from app.platform.mail.models import FAILED, OutgoingMessage
from app.platform.plugins import models as plugins
from app.platform.plugins.models import PluginState
from app.platform.support.queries import owners
from app.platform.tenancy import plans
from app.platform.tenancy.models import TenantUsage
from app.platform.webhooks import models as webhooks
from app.platform.webhooks.models import WebhookEndpoint
from app.shop.orders.models import Order

A_WEEK = timedelta(days=7)
LATE, _VERY_LATE = timedelta(minutes=10), timedelta(hours=1)
_MANY_ERRORS = 20
WORTH_A_LOOK = ("failed_jobs", "paused_webhooks", "failing_webhooks", "paused_plugins", "bounced", "refused_calls")
"""Figures that are nought where all is well."""


def measure(standing: Standing = NOTHING) -> None:
    """Count the entered tenant, tell its owners of limits that are near, and keep the figures for the console.

    `standing` is how its work in the queue stands, which is asked once for all tenants.
    """
    uses = plans.uses_here()
    figures = {use.which: use.used for use in uses} | _signs(standing)
    tenant_id = isolation.tenant_id()
    before = plans.usage_of(tenant_id)
    warned = _warn(uses, dict(before.warned) if before else {})
    row = {"tenant_id": tenant_id, **figures, "health": _health(figures), "warned": warned, "counted_at": clock.now()}
    made = insert(TenantUsage).values(row)
    kept = {name: made.excluded[name] for name in row if name != "tenant_id"}
    db.catalogue.execute(made.on_conflict_do_update(index_elements=[TenantUsage.tenant_id], set_=kept))


def _signs(standing: Standing) -> dict[str, object]:
    now = clock.now()
    calls = select(func.count()).select_from(ApiRequest).where(ApiRequest.at > now - timedelta(days=1))
    bounced = select(func.count()).select_from(OutgoingMessage)
    recent = OutgoingMessage.created_at > now - A_WEEK
    failing = select(func.count()).select_from(WebhookEndpoint).where(WebhookEndpoint.failing_since.is_not(None))
    given_up = (WebhookEndpoint.state == webhooks.PAUSED, WebhookEndpoint.paused_because != webhooks.BY_HAND)
    broken = (PluginState.state == plugins.PAUSED, PluginState.paused_because == plugins.FAILING)
    waiting = [db.session.scalar(select(func.min(Event.occurred_at)).where(Event.relayed_at.is_(None)))]
    return {
        "api_calls": db.session.scalar(calls) or 0,
        "refused_calls": db.session.scalar(calls.where(ApiRequest.status >= 500)) or 0,
        "bounced": db.session.scalar(bounced.where(OutgoingMessage.status == FAILED, recent)) or 0,
        "failing_webhooks": db.session.scalar(failing) or 0,
        "paused_webhooks": db.session.scalar(select(func.count()).select_from(WebhookEndpoint).where(*given_up)) or 0,
        "paused_plugins": db.session.scalar(select(func.count()).select_from(PluginState).where(*broken)) or 0,
        "failed_jobs": standing.failed,
        "waiting_since": min((one for one in [*waiting, standing.waiting_since] if one), default=None),
        "last_sale_at": db.session.scalar(
            select(Order.placed_at).order_by(Order.placed_at.desc(), Order.id.desc()).limit(1)
        ),
    }


def _health(figures: dict[str, object]) -> str:
    waiting = figures["waiting_since"]
    late = clock.now() - waiting if waiting else timedelta()  # type: ignore[operator]  # a moment
    if late > _VERY_LATE or int(figures["refused_calls"]) > _MANY_ERRORS:  # type: ignore[call-overload]  # a number
        return "bad"
    return "watch" if late > LATE or any(figures[sign] for sign in WORTH_A_LOOK) else "good"


def _warn(uses: list[plans.Use], warned: dict[str, int]) -> dict[str, int]:
    """One letter to each owner when a limit comes near, and one when it is reached; anew after it was far again."""
    kept = {}
    for use in uses:
        level = 100 if use.is_full else plans.NEAR if use.is_near else 0
        if level > warned.get(use.which, 0):
            _tell(use, level)
        if level:
            kept[use.which] = level
    return kept


def _tell(use: plans.Use, level: int) -> None:
    what = gettext(plans.LIMITED[use.which])
    for owner in owners():
        mail.send(
            "ops/mail/limit",
            owner.email,
            subject=gettext("Your plan: %(percent)s%% of %(what)s", percent=level, what=what),
            key=f"plan.{use.which}:{level}:{clock.now():%Y-%m-%d}:{owner.id}",
            name=owner.name,
            used=plans.amount(use.which, use.used),
            limit=plans.amount(use.which, use.limit or 0),
            what=what,
            is_full=level == 100,
            link=isolation.tenant_url("/admin/plan"),
        )
