"""A shop's own texts in its further languages: written by staff, read by shoppers."""

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.tenancy import service as tenancy
from app.platform.translating import queries, service
from app.platform.translating.schemas import TypedText, WriteTranslations
from app.shop.pages import queries as pages
from app.shop.pages import service as pages_service
from app.shop.pages.schemas import MenuLink
from app.shop.pages.sections import Faq, Hero, Question

BY = system_actor("tests")


@pytest.fixture
def german(in_shop):
    """The shop of this test is shown in German too."""
    tenancy.keep_setting("languages", ["de"])
    db.checkpoint()


def write(kind, object_id, **texts):
    typed = [TypedText(field, text) for field, text in texts.items()]
    service.write(kind, object_id, WriteTranslations("de", typed), by=BY)
    db.checkpoint()


def fields_of(**texts):
    """The page's own form with these texts typed into it."""
    return {name: value for place, (field, text) in enumerate(texts.items()) for name, value in (
        (f"texts-{place}-field", field), (f"texts-{place}-text", text))} | {"language": "de"}  # fmt: skip


def test_staff_translate_a_product_and_shoppers_read_it(german, make_product, staff_client, client):
    product = make_product(title="Moon vase")
    address = f"/admin/translations/product/{product.id}"

    assert "Moon vase" in staff_client.get(address).text
    answer = staff_client.post_form(address, fields_of(title="Mondvase"))

    assert answer.status_code == 303
    page = client.get(f"/de/products/{product.handle}").text
    assert "Mondvase" in page and "Moon vase" not in page
    assert "Mondvase" in client.get("/de/collections/all").text
    assert "Mondvase" in client.get("/de/search?q=Moon").text
    assert "Mondvase" not in client.get(f"/products/{product.handle}").text


def test_an_emptied_text_falls_back_to_the_shops_own(german, make_product, client):
    product = make_product(title="Moon vase")
    write("product", product.id, title="Mondvase")

    write("product", product.id, title="")

    assert "Moon vase" in client.get(f"/de/products/{product.handle}").text


def test_a_translated_description_passes_the_same_sieve(german, make_product):
    product = make_product(title="Moon vase", description_html="<p>Round.</p>")

    write("product", product.id, description_html="<p>Rund.</p><script>alert(1)</script>")

    words = queries.translations_for("product", [product.id], "de")[product.id]
    assert words["description_html"] == "<p>Rund.</p>"


def test_pages_menus_and_home_sections_are_translated(german, make_page, client):
    page = make_page(title="Journal", handle="journal", body="Good morning")
    menu = pages_service.write_menu("main", [MenuLink("Stories", "/pages/journal")], by=BY)
    pages_service.write_home([Hero(title="Hello"), Faq(items=[Question("Why?", "Because.")])], by=BY)
    hero, faq = pages.home_bands()
    write("page", page.id, body="Guten Morgen")
    write("menu", menu.id, **{"label:Stories": "Geschichten"})
    write("section", hero.key, title="Hallo zusammen")
    write("section", faq.key, **{"items.0.question": "Warum?"})

    text = client.get("/de/pages/journal").text
    home = client.get("/de/").text

    assert "Guten Morgen" in text and "Geschichten" in text
    assert "Hallo zusammen" in home and "Warum?" in home and "Because." in home


@pytest.mark.parametrize("address", ["/admin/translations/nothing/{id}", "/admin/translations/product/{other}"])
def test_what_there_is_not_cannot_be_translated(german, make_product, staff_client, address):
    ids = {"id": make_product().id, "other": "0198f3a0-0000-7000-8000-000000000000"}

    assert staff_client.get(address.format(**ids)).status_code == 404
    assert staff_client.post_form(address.format(**ids), fields_of(title="x")).status_code == 404


@pytest.mark.parametrize(("language", "field"), [("fr", "title"), ("de", "price")])
def test_other_languages_and_fields_are_refused(german, make_product, staff_client, language, field):
    product_id = make_product().id

    answer = staff_client.post_form(
        f"/admin/translations/product/{product_id}", fields_of(**{field: "x"}) | {"language": language}
    )

    assert answer.status_code == 404
    assert not queries.translations_for("product", [product_id], language)


def test_the_shops_own_language_costs_no_statement(german, make_product):
    product = make_product()

    assert queries.translations_for("product", [product.id], "") == {}


def test_strangers_are_sent_to_sign_in(shop, make_product, client):
    assert client.get(f"/admin/translations/product/{make_product().id}").status_code == 303
