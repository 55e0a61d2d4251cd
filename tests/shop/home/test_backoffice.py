"""The first page of the back office, its search, and the general settings."""

import re
from datetime import timedelta

import pytest

from app.core import clock, db
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.shop.catalog import queries as catalog
from app.shop.home import checklist
from tests.conftest import sign_in_owner
from tests.factories.catalog import a_product

SETTINGS = {
    "name": "New name", "contact_email": "hello@new.example", "timezone": "Europe/Lisbon", "weight_unit": "kg",
    "legal_name": "New Ltd", "line1": "1 Road", "line2": "", "postal_code": "D01", "city": "Dublin", "region": "",
    "tax": "included", "announcement": "Late tonight",
}  # fmt: skip
PAGES = ["/admin", "/admin/search?q=x", "/admin/samples", "/admin/settings"]
FORMS = ["/admin/checklist", "/admin/samples/remove", "/admin/settings", "/admin/settings/opening"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_wants_somebody_who_works_here(client, other_shop, path):
    assert "/admin/sign-in" in client.get(path).headers["Location"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_wants_somebody_who_works_here(client, path):
    assert "/admin/sign-in" in client.post_form(path, SETTINGS).headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_staff_of_another_shop_are_strangers_here(shop, other_shop, path):
    elsewhere = sign_in_owner(other_shop)
    here = shop.browser()
    here.set_cookie("staff", elsewhere.get_cookie("staff", domain=other_shop.host).value, domain=shop.host)

    assert "/admin/sign-in" in here.get(path).headers["Location"]


def test_a_manager_may_not_close_the_shop(shop, manager_client):
    answer = manager_client.post_form("/admin/settings/opening", {})

    assert answer.status_code == 403
    assert shop.browser().get("/").status_code == 200


def test_the_home_page_greets_and_shows_what_waits(staff_client, make_order):
    make_order("paid")
    make_order("paid")

    page = staff_client.get("/admin").text

    assert re.search(r"Good (morning|afternoon|evening), Olive", page)
    assert "2 orders to send" in page
    assert page.count('<g class="pt">') == 2 * 30
    assert "Show as table" in page


def test_figures_stand_beside_those_of_the_period_before(staff_client, make_order):
    with clock.frozen(clock.now() - timedelta(days=10)):
        make_order("paid", price=1000)
    make_order("paid", price=2000)

    page = staff_client.get("/admin?days=7").text

    assert "90 days" in page
    assert re.search(r'class="delta up"', page)


def test_a_period_that_is_not_offered_is_refused(staff_client):
    assert staff_client.get("/admin?days=100000").status_code == 422


def test_another_shops_sales_are_not_in_the_figures(staff_client, other_shop, make_order):
    make_order("paid", at=other_shop, title="Only elsewhere")

    page = staff_client.get("/admin").text

    assert "Only elsewhere" not in page
    assert "to send" not in page


def test_the_checklist_looks_at_the_shop_itself(staff_client, app, shop):
    def done(name):
        with app.app_context(), shop.entered():
            return next(line.is_done for line in checklist.lines() if line.item.name == name)

    assert not done("company")
    staff_client.post_form("/admin/settings", SETTINGS)

    assert done("company")


@pytest.mark.parametrize("htmx", [False, True])
def test_an_item_that_is_not_for_this_shop_is_taken_off(staff_client, htmx):
    answer = staff_client.post_form("/admin/checklist", {"item": "domain"}, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert '<a href="/admin/settings"><b>Use your own domain' not in staff_client.get("/admin").text


def test_the_checklist_is_gone_when_everything_is_done(staff_client):
    for name in checklist.NAMES:
        staff_client.post_form("/admin/checklist", {"item": name})

    assert "Set up your shop" not in staff_client.get("/admin").text


def test_an_item_that_does_not_exist_is_not_found(staff_client):
    assert staff_client.post_form("/admin/checklist", {"item": "nonsense"}).status_code == 404


def test_the_samples_leave_with_one_click_and_own_products_stay(staff_client, app, shop):
    with app.app_context(), shop.entered():
        a_product(title="Sample", is_sample=True)
        a_product(title="My own")

    before = staff_client.get("/admin/samples").text
    staff_client.post_form("/admin/samples/remove")

    assert "1 sample product is in the shop" in before
    with app.app_context(), shop.entered():
        assert (catalog.count_samples(), catalog.count_products()) == (0, 1)


def test_search_finds_orders_products_and_customers(staff_client, make_order):
    order = make_order("paid", title="Rare teapot")

    assert f"#{order.number}" in staff_client.get(f"/admin/search?q={order.number}").text
    assert "Rare teapot" in staff_client.get("/admin/search?q=teapot").text
    assert "Nothing matches" in staff_client.get("/admin/search?q=zzzzqqq").text
    assert "New product" in staff_client.get("/admin/search").text


def test_settings_are_saved_and_seen_at_once(staff_client, client):
    answer = staff_client.post_form("/admin/settings", SETTINGS)

    assert answer.status_code == 303
    home = client.get("/").text
    assert "New name" in home
    assert "Late tonight" in home
    assert 'value="New Ltd"' in staff_client.get("/admin/settings").text


def test_the_registry_follows_the_new_name(staff_client, app, shop):
    staff_client.post_form("/admin/settings", SETTINGS)

    with app.app_context():
        assert tenancy.tenant_named(shop.slug).name == "New name"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("contact_email", "nobody", "Write an e-mail address"),
        ("timezone", "Mars/Olympus", "Choose a time zone"),
        ("weight_unit", "stone", "Please choose one of the offered values."),
        ("currency", "XXX", "Choose a currency"),
        ("announcement", "x" * 201, "at most 200 characters"),
    ],
)
def test_each_mistake_is_said_beside_its_field_and_nothing_is_lost(staff_client, app, shop, field, value, sentence):
    answer = staff_client.post_form("/admin/settings", {**SETTINGS, field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="1 Road"' in answer.text
    with app.app_context(), shop.entered():
        assert tenancy.current_shop().name == shop.name


def test_the_currency_may_change_only_before_the_first_order(staff_client, app, shop, make_order):
    assert staff_client.post_form("/admin/settings", {**SETTINGS, "currency": "USD"}).status_code == 303
    staff_client.post_form("/admin/settings", {**SETTINGS, "currency": "EUR"})
    make_order("paid")

    refused = staff_client.post_form("/admin/settings", {**SETTINGS, "currency": "USD"})

    assert refused.status_code == 409
    assert "The currency stays EUR" in refused.text


def test_a_closed_shop_keeps_shoppers_out_but_not_its_staff_or_its_buyers(staff_client, shop, make_order, app):
    staff_client.post_form("/admin/settings/opening", {})

    closed = shop.browser().get("/")
    assert closed.status_code == 503
    assert "closed" in closed.text
    assert shop.browser().get("/checkout").status_code == 503
    assert staff_client.get("/admin").status_code == 200
    assert shop.browser().get("/orders/track").status_code != 503

    staff_client.post_form("/admin/settings/opening", {"is_open": "1"})
    assert shop.browser().get("/").status_code == 200


def test_ticking_off_twice_is_written_once(app, shop, owner):
    with app.app_context(), db.unit_of_work(shop.id):
        tenancy_service.tick_off("domain", by=owner)
        tenancy_service.tick_off("domain", by=owner)

        assert tenancy.current_shop().checklist_done == ["domain"]
