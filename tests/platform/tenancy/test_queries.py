"""Finding tenants by host."""

import uuid

import pytest

from app import settings
from app.core import clock, db, isolation
from app.platform.tenancy import queries
from app.platform.tenancy.errors import NoSuchTenant
from app.platform.tenancy.models import Domain


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def give_domain(shop, host, *, verified=True, primary=True):
    db.catalogue.add(
        Domain(host=host, tenant_id=shop.id, is_primary=primary, verified_at=clock.now() if verified else None)
    )
    db.checkpoint()


def test_a_shop_answers_below_the_platforms_domain(shop):
    found = queries.find_host(shop.host)

    assert (found.id, found.slug, found.status) == (shop.id, shop.slug, "open")


@pytest.mark.parametrize("host", ["nobody.localhost", "localhost", "a.b.localhost", "example.com", "localhost.example"])
def test_a_stranger_is_nobody(host):
    assert queries.find_host(host) is None


def test_a_verified_domain_leads_to_its_shop_and_into_its_links(shop):
    host = f"{shop.slug}.example"
    give_domain(shop, host)

    assert queries.find_host(host).id == shop.id
    assert queries.primary_host(shop.id) == host
    with isolation.entered(shop.id):
        assert isolation.tenant_url("/x") == settings.current().public_origin(host) + "/x"


def test_a_domain_that_is_not_verified_leads_nowhere(shop):
    host = f"{shop.slug}.example"
    give_domain(shop, host, verified=False)

    assert queries.find_host(host) is None
    assert queries.primary_host(shop.id) == shop.host


def test_an_unknown_tenant_has_no_host():
    with pytest.raises(NoSuchTenant):
        queries.primary_host(uuid.uuid4())


def test_the_shop_row_is_read_once_a_transaction_and_fresh_in_the_next(shop, app):
    with db.unit_of_work(shop.id):
        first = queries.current_shop()
        assert queries.current_shop() is first
    with app.app_context(), db.unit_of_work(shop.id):
        queries.lock_shop().announcement = "Changed elsewhere"

    with db.unit_of_work(shop.id):
        assert queries.current_shop().announcement == "Changed elsewhere"


def test_inside_another_shop_the_other_row_is_current(shop, other_shop):
    with db.unit_of_work(shop.id):
        assert queries.current_shop().tenant_id == shop.id
    with db.unit_of_work(other_shop.id):
        assert queries.current_shop().tenant_id == other_shop.id


def test_the_shop_row_is_one_of_the_session_and_its_changes_are_kept(shop, app):
    with app.app_context(), db.unit_of_work(shop.id):
        row = queries.current_shop()
        assert row in db.session and not db.session.dirty and not db.session.new
        row.announcement, row.settings = "Changed here", {"languages": ["de"]}
        stamp = row.updated_at
    with app.app_context(), db.unit_of_work(shop.id):
        row = queries.current_shop()
        assert (row.announcement, row.languages) == ("Changed here", ["de"])
        assert row.updated_at > stamp
