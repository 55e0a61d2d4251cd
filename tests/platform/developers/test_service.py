"""Keys for programs: shown once, never above their maker, stopped at once."""

from datetime import timedelta

import pytest

from app.core import clock, db
from app.core.access import Actor
from app.core.errors import InvalidInput, NotFound
from app.platform.developers import queries, service
from app.platform.developers.errors import KeyIsOver
from app.platform.developers.schemas import NewKey
from app.platform.oauth import scopes
from app.platform.oauth.errors import ScopesBeyondYours
from app.platform.staff import queries as staff
from app.platform.staff import service as staff_service


def make(owner: Actor, *wanted: str, lasts: str = "90"):
    return service.make_key(NewKey(name="Stock sync", scopes=list(wanted or ["orders.read"]), lasts=lasts), by=owner)


def test_a_key_works_and_only_its_hash_is_kept(in_shop, owner):
    key, text = make(owner, "orders.read", "products.read")

    actor = service.actor_of_key(text)

    assert (actor.kind, actor.id, actor.name) == ("client", key.id, "Stock sync")
    assert actor.permissions == {"orders.read", "products.read"}
    assert text.startswith(key.prefix)
    assert len(key.prefix) == 12
    assert text.encode() not in key.key_hash


@pytest.mark.parametrize("text", ["", "key_", "key_nonsense", "Bearer", "é"])
def test_any_other_text_is_no_key(in_shop, owner, text):
    make(owner)

    assert service.actor_of_key(text) is None


def test_a_key_of_one_shop_is_none_at_another(app, shop, other_shop, make_key):
    text = make_key("orders.read")

    with app.app_context(), other_shop.entered():
        assert service.actor_of_key(text) is None


def test_a_revoked_key_stops_and_is_not_revoked_twice(in_shop, owner):
    key, text = make(owner)

    service.revoke(key.id, by=owner)

    assert service.actor_of_key(text) is None
    with pytest.raises(KeyIsOver):
        service.revoke(key.id, by=owner)


@pytest.mark.parametrize(("lasts", "days", "works"), [("30", 29, True), ("30", 31, False), ("never", 9999, True)])
def test_a_key_works_as_long_as_it_was_made_for(in_shop, owner, lasts, days, works):
    _, text = make(owner, lasts=lasts)

    with clock.frozen(clock.now() + timedelta(days=days)):
        assert (service.actor_of_key(text) is not None) is works


def test_a_key_never_holds_more_than_its_maker(app, shop, make_member):
    member = make_member()
    with app.app_context(), shop.entered():
        manager = staff.actor_of(staff.staff_by_id(member.id))

        with pytest.raises(ScopesBeyondYours):
            make(manager, "settings.close")

        assert "settings.close" not in scopes.offered_to(manager)
        assert queries.all_keys() == []


def test_a_key_loses_what_its_maker_loses(app, shop, owner, make_member):
    second = make_member(role="owner")
    with app.app_context(), shop.entered():
        _, text = make(staff.actor_of(staff.staff_by_id(second.id)), "settings.close", "orders.read")
        staff_service.change_role(second.id, "manager", by=owner)
        db.flush()

        assert service.actor_of_key(text).permissions == {"orders.read"}


def test_a_key_stops_when_its_maker_leaves(app, shop, owner, make_member):
    member = make_member()
    with app.app_context(), shop.entered():
        _, text = make(staff.actor_of(staff.staff_by_id(member.id)))
        staff_service.remove(member.id, by=owner)
        db.flush()

        assert service.actor_of_key(text) is None


def test_what_only_people_do_is_no_scope(in_shop, owner):
    assert "profile.write" not in scopes.offered_to(owner)
    with pytest.raises(InvalidInput):
        make(owner, "profile.write")


def test_a_scope_that_does_not_exist_is_refused(in_shop, owner):
    with pytest.raises(ScopesBeyondYours):
        make(owner, "orders.everything")


def test_programs_make_no_keys(in_shop, owner):
    program = Actor("client", owner.id, "Key", owner.permissions)

    with pytest.raises(ScopesBeyondYours):
        make(program)


def test_the_last_use_is_noted_at_most_once_a_minute(in_shop, owner):
    key, text = make(owner)
    began = clock.now()

    for seconds, noted in [(0, 0), (30, 0), (61, 61)]:
        with clock.frozen(began + timedelta(seconds=seconds)):
            service.actor_of_key(text)
        assert key.last_used_at == began + timedelta(seconds=noted)


def test_a_key_of_another_shop_is_not_found(app, shop, other_shop, owner, make_key):
    make_key("orders.read", at=other_shop)
    with app.app_context():
        with other_shop.entered():
            foreign = queries.all_keys()[0].id
        with shop.entered(), pytest.raises(NotFound):
            service.revoke(foreign, by=owner)
        with other_shop.entered():
            assert queries.key_or_404(foreign).state == "active"
