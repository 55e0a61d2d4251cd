"""One person, one password, several shops: going over by a ticket that works once."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.core import clock
from app.core.errors import NotFound
from app.core.ids import new_id
from app.platform.staff import queries, service, switching
from app.platform.staff.errors import LinkIsOver

BOTH = "both@example.com"


@pytest.fixture
def here(make_member, other_shop):
    """Somebody who works in both shops, as a member of this one."""
    make_member(email=BOTH, at=other_shop, role="analyst")
    return make_member(email=BOTH)


def ticket(app, shop, member_id: UUID, to: UUID) -> str:
    with app.app_context(), shop.entered():
        found = switching.ticket_to(to, queries.staff_or_404(member_id)).rpartition("/")[2]
        queries.db.catalogue.commit()
        return found


def test_somebody_goes_to_their_other_shop_and_is_what_they_are_there(shop, other_shop, here, staff_browser):
    browser = staff_browser(here)
    assert other_shop.host in browser.get("/admin/shops").text

    answer = browser.post_form(f"/admin/shops/{other_shop.id}")
    address = answer.location.partition("://")[2]
    assert address.partition("/")[0].partition(":")[0] == other_shop.host
    there = other_shop.browser()
    assert there.get("/" + address.partition("/")[2]).location == "/admin"

    assert there.get("/admin/orders").status_code == 200
    assert there.get("/admin/products/new").status_code == 403
    assert browser.get("/admin/products/new").status_code == 200, "the session here goes on"
    assert other_shop.browser().get("/" + address.partition("/")[2]).status_code == 404, "the ticket is used up"


def test_a_shop_where_one_does_not_work_is_like_none(app, shop, other_shop, owner):
    with app.app_context(), shop.entered():
        member = queries.staff_or_404(owner.id)
        for wanted in (other_shop.id, new_id(), shop.id):
            with pytest.raises(NotFound):
                switching.ticket_to(wanted, member)


def test_a_ticket_opens_one_shop_for_a_minute(app, shop, other_shop, here):
    one = ticket(app, shop, here.id, other_shop.id)
    with app.app_context(), shop.entered(), pytest.raises(LinkIsOver):
        switching.use_ticket(one)
    with app.app_context(), other_shop.entered():
        with clock.frozen(clock.now() + timedelta(seconds=61)), pytest.raises(LinkIsOver):
            switching.use_ticket(one)
        assert switching.use_ticket(one).email == BOTH


def test_a_ticket_is_worth_nothing_for_somebody_who_left(app, shop, other_shop, here):
    one = ticket(app, shop, here.id, other_shop.id)
    with app.app_context(), other_shop.entered():
        boss = queries.actor_of(queries.staff_by_email(other_shop.owner_email))
        service.remove(queries.staff_by_email(BOTH).id, by=boss)
    with app.app_context(), other_shop.entered(), pytest.raises(LinkIsOver):
        switching.use_ticket(one)
