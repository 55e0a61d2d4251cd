"""Opening, suspending and resuming tenants."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, db
from app.platform.tenancy import hooks, queries, service
from app.platform.tenancy.errors import AddressTaken, NoSuchTenant
from app.platform.tenancy.schemas import NewTenant


@pytest.fixture
def slug():
    return f"s{uuid.uuid4().hex[:10]}"


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def test_a_new_shop_follows_its_country(slug):
    tenant_id = service.open_tenant(NewTenant(slug=slug, name="Acme", country="US", owner_email="a@acme.example"))

    with db.unit_of_work(tenant_id):
        shop = queries.current_shop()
        assert (shop.currency, shop.locale, shop.prices_include_tax, shop.weight_unit) == ("USD", "en-US", False, "lb")
        assert shop.contact_email == "a@acme.example"
    assert queries.tenant_named(slug).status == "open"


def test_what_is_said_wins_over_the_country(slug):
    new = service.with_defaults(
        NewTenant(slug=slug, name="Acme", country="US", currency="EUR", prices_include_tax=True)
    )

    assert (new.currency, new.prices_include_tax, new.timezone) == ("EUR", True, "America/New_York")


def test_an_address_is_given_once(slug):
    service.open_tenant(NewTenant(slug=slug, name="First"))

    with pytest.raises(AddressTaken):
        service.open_tenant(NewTenant(slug=slug, name="Second"))

    assert queries.tenant_named(slug).name == "First"


def test_of_two_who_want_the_same_address_at_once_one_wins(app, slug):
    def attempt(number):
        with app.app_context():
            try:
                service.open_tenant(NewTenant(slug=slug, name=f"Number {number}", claim=f"claim-{number}"))
            except AddressTaken:
                return "taken"
            return "won"

    with ThreadPoolExecutor(4) as people:
        outcomes = list(people.map(attempt, range(4)))

    assert sorted(outcomes) == ["taken", "taken", "taken", "won"]


def test_the_same_person_twice_at_once_gets_one_shop(app, slug):
    def attempt(_):
        with app.app_context():
            return service.open_tenant(NewTenant(slug=slug, name="Acme", claim="one-draft"))

    with ThreadPoolExecutor(4) as clicks:
        opened = set(clicks.map(attempt, range(4)))

    assert len(opened) == 1
    assert queries.tenant_named(slug).status == "open"


def test_an_opening_that_was_killed_is_taken_up_by_whoever_began_it(slug, monkeypatch):
    def crash(new):
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(hooks, "on_open", [*hooks.on_open, crash])
    with pytest.raises(RuntimeError):
        service.open_tenant(NewTenant(slug=slug, name="Acme", claim="mine"))
    assert queries.tenant_named(slug).status == "opening"
    monkeypatch.undo()

    with pytest.raises(AddressTaken):
        service.open_tenant(NewTenant(slug=slug, name="Thief", claim="theirs"))
    service.open_tenant(NewTenant(slug=slug, name="Acme", claim="mine"))

    assert queries.tenant_named(slug).status == "open"


def test_a_room_that_fails_leaves_no_half_shop(slug, monkeypatch):
    def crash(new):
        raise RuntimeError("no default rates")

    monkeypatch.setattr(hooks, "on_open", [*hooks.on_open, crash])
    with pytest.raises(RuntimeError):
        service.open_tenant(NewTenant(slug=slug, name="Acme"))

    with db.unit_of_work(queries.tenant_named(slug).id):
        assert queries.shop_or_none() is None


def test_an_abandoned_opening_gives_its_address_back(slug, monkeypatch):
    monkeypatch.setattr(hooks, "on_open", [lambda new: (_ for _ in ()).throw(RuntimeError)])
    with pytest.raises(RuntimeError):
        service.open_tenant(NewTenant(slug=slug, name="Acme"))

    with clock.frozen(clock.now() + timedelta(hours=1)):
        service.finish_abandoned_openings()

    assert queries.tenant_by_slug(slug) is None


def test_an_opening_that_only_lacked_its_last_step_is_finished(slug, monkeypatch):
    monkeypatch.setattr(service, "_declare_open", lambda slug: None)
    service.open_tenant(NewTenant(slug=slug, name="Acme"))
    monkeypatch.undo()
    assert queries.tenant_named(slug).status == "opening"

    with clock.frozen(clock.now() + timedelta(hours=1)):
        service.finish_abandoned_openings()

    assert queries.tenant_named(slug).status == "open"


def test_a_taken_address_comes_with_free_ones_close_to_it(slug):
    service.open_tenant(NewTenant(slug=slug, name="Acme"))

    near = service.suggest(slug)

    assert service.address_problem(slug) == f"{slug} is taken."
    assert len(near) == 3
    assert all(service.address_problem(address) is None for address in near)


def test_a_suspended_shop_answers_503_on_the_next_request_and_comes_back(shop):
    browser = shop.browser()
    assert browser.get("/").status_code == 200

    service.suspend(shop.slug, because="unpaid")
    db.checkpoint()
    closed = browser.get("/"), browser.get("/cart"), browser.get("/api/v1/products")
    service.resume(shop.slug)
    db.checkpoint()

    assert [answer.status_code for answer in closed] == [503, 503, 503]
    assert "unpaid" not in closed[0].text
    assert "Livery" not in closed[0].text
    assert browser.get("/").status_code == 200


def test_nobody_is_suspended_under_an_unknown_address():
    with pytest.raises(NoSuchTenant):
        service.suspend("nobody-here")


def test_changing_settings_says_which_ones_changed(shop, owner):
    with db.unit_of_work(shop.id):
        before = service.settings_of(queries.current_shop())
        service.update_shop(before, by=owner)
        service.update_shop(replace(before, announcement="Hello"), by=owner)

    with db.unit_of_work(shop.id):
        assert queries.current_shop().announcement == "Hello"


def test_an_operator_keeps_one_account(app):
    first = service.add_operator("Op@Example.com", "a password")
    again = service.add_operator("op@example.com", "another")

    assert first.id == again.id
