"""Packs applied to tenants, and tenants written back as packs."""

import uuid

import pytest

from app.console.onboarding import applying, commands
from app.core import db
from app.core.access import system_actor
from app.platform.branding import queries as branding
from app.platform.tenancy import packs
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy.errors import CurrencyIsFixed, PackProblem
from app.shop.catalog import queries as catalog
from app.shop.catalog import service as catalog_service
from app.shop.pages import queries as pages
from app.shop.payments import queries as payments
from app.shop.shipping import queries as shipping
from tests.factories.tenancy import PRODUCTS, TENANT


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


@pytest.fixture
def slug():
    return f"p{uuid.uuid4().hex[:10]}"


def put(folder, slug):
    """Apply a pack at an address; what changed."""
    return commands.apply_pack(folder, slug, progress=lambda *_: None)


def inside(slug):
    """A unit of work in the shop at an address."""
    return db.unit_of_work(tenancy.tenant_named(slug).id)


def test_applying_a_pack_opens_the_shop_with_all_of_it(make_pack, slug):
    changes = put(make_pack(), slug)

    assert changes[0] == "opened"
    with inside(slug):
        shop = tenancy.current_shop()
        assert (shop.name, shop.currency, shop.timezone, shop.address["city"]) == (
            "Small & Fine",
            "EUR",
            "Europe/Berlin",
            "Bonn",
        )
        cup = catalog.product_by_handle("cup")
        assert [variant.price for variant in cup.variants] == [1250, 1300]
        assert [image.alt for image in cup.images] == ["A red cup", "Cup"]
        assert cup.images[0].variant_id == cup.variants[0].id
        assert branding.published().word("bag") == "Basket"
        assert pages.home_sections()[0].image.alt == "Something red"
        assert [link.label for link in pages.menu("main")] == ["Cups"]
        assert shipping.delivery()[0].rates[0].settings == {"amount": 490, "free_from": 5000}
        assert [method.code for method in payments.all_methods() if method.is_enabled] == ["bank_transfer"]


def test_applying_the_same_pack_again_changes_nothing(make_pack, slug):
    folder = make_pack()
    put(folder, slug)

    assert put(folder, slug) == []


@pytest.mark.parametrize("name", ["starter", "kiln", "north", "sundae"])
def test_every_pack_that_ships_survives_the_way_out_and_back(name, slug, tmp_path):
    folder = packs.folder_named(name)
    put(folder, slug)
    assert put(folder, slug) == []

    commands.export_pack(slug, tmp_path / name)

    assert put(packs.Folder(tmp_path / name), slug) == []


def test_an_export_can_be_opened_as_another_shop(make_pack, slug, tmp_path):
    put(make_pack(), slug)
    commands.export_pack(slug, tmp_path / "copy")

    put(packs.Folder(tmp_path / "copy"), f"{slug}-two")
    commands.export_pack(f"{slug}-two", tmp_path / "again")

    first, second = packs.Folder(tmp_path / "copy"), packs.Folder(tmp_path / "again")
    assert first.pack == second.pack
    assert first.catalogue == second.catalogue


def test_only_what_differs_is_written(make_pack, slug):
    put(make_pack("one"), slug)

    changes = put(make_pack("one", products=PRODUCTS.replace('title = "Saucer"', 'title = "Small saucer"')), slug)

    assert changes == ["product saucer"]


def test_stock_is_left_to_the_shop(make_pack, slug):
    folder = make_pack()
    put(folder, slug)
    with inside(slug):
        variant = catalog.product_by_handle("cup").variants[0]
        catalog_service.take_stock([(variant.id, 2)])

    changed = make_pack("other", products=PRODUCTS.replace('price = "12.50"', 'price = "14.00"'))
    put(changed, slug)

    with inside(slug):
        variant = catalog.product_by_handle("cup").variants[0]
        assert (variant.price, variant.on_hand) == (1400, 1)


def test_a_product_that_the_pack_does_not_name_stays(make_pack, slug):
    put(make_pack("one"), slug)
    second = PRODUCTS[: PRODUCTS.rindex("[[products]]")].replace('"cup", "saucer"', '"cup"')

    put(make_pack("two", products=second), slug)

    with inside(slug):
        assert catalog.product_by_handle("saucer").title == "Saucer"


def test_a_bad_colour_is_named_with_its_file_and_key_and_nothing_is_changed(make_pack, slug):
    put(make_pack("one"), slug)

    with pytest.raises(PackProblem) as refused:
        put(make_pack("two", tenant=TENANT.replace("#a8492a", "reddish")), slug)

    assert "tenant.toml" in refused.value.sentence
    assert "brand.colour" in refused.value.sentence
    with inside(slug):
        assert branding.published().tokens.colour == "#a8492a"


def test_a_band_of_a_kind_that_is_not_known_is_refused(make_pack, slug):
    with pytest.raises(PackProblem, match="home"):
        put(make_pack(tenant=TENANT.replace('kind = "hero"', 'kind = "fireworks"')), slug)


def test_the_currency_stays_once_there_are_orders(shop, make_order, make_pack):
    make_order("paid")
    wanted = packs.PackShop(name="Other", country="US")

    with pytest.raises(CurrencyIsFixed), db.unit_of_work(shop.id):
        applying.settings(wanted, by=system_actor())

    with db.unit_of_work(shop.id):
        assert tenancy.current_shop().currency == "EUR"
