"""Going from one's work in one shop to that in another, without a second sign-in: by a ticket that works once."""

import hmac
from collections.abc import Sequence
from uuid import UUID

from app import settings
from app.core import audit, db, ids, isolation, links
from app.core.errors import NotFound
from app.platform.staff import queries
from app.platform.staff.errors import LinkIsOver
from app.platform.staff.models import StaffMember
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.models import Tenant

TICKET_LASTS_SECONDS = 60


def other_shops(member: StaffMember) -> Sequence[Tenant]:
    """The open shops besides this one where the same person works, by address."""
    return tenancy.open_among(set(queries.shops_of_account(member.account_id)) - {isolation.tenant_id()})


def ticket_to(shop_id: UUID, member: StaffMember) -> str:
    """An address at another of this person's shops that lets them in once, within a minute. Raises NotFound.

    A shop where they do not work and one that never was answer alike.
    """
    if all(shop.id != shop_id for shop in other_shops(member)):
        raise NotFound
    account = queries.lock_account(member.account_id)
    account.switch_mark = ids.new_id().hex
    audit.record(queries.actor_of(member), "staff.switched", member, to=str(shop_id))
    signed = {"account": str(account.id), "mark": account.switch_mark, "version": account.password_version}
    origin = origin_of(shop_id)
    with isolation.entered(shop_id):
        return f"{origin}/admin/enter/ticket/{links.sign('staff-switch', signed, TICKET_LASTS_SECONDS)}"


def origin_of(shop_id: UUID) -> str:
    """Where another shop's pages begin."""
    return settings.current().public_origin(tenancy.primary_host(shop_id))


def use_ticket(ticket: str) -> StaffMember:
    """Who arrives here by a ticket; it is used up. Raises LinkIsOver, also for somebody who left in between."""
    try:
        signed = links.unsign("staff-switch", ticket)
        account = queries.lock_account(UUID(signed["account"]))
    except NotFound:
        raise LinkIsOver from None
    member = queries.staff_by_account(account.id)
    is_current = hmac.compare_digest(account.switch_mark, signed["mark"]) and account.switch_mark
    if member is None or not is_current or account.password_version != signed["version"]:
        raise LinkIsOver
    account.switch_mark = ""
    db.flush()
    return member
