"""The reader's language: which one is spoken, in which words, and at which address."""

import re

import pytest

from app.core import i18n
from app.platform.tenancy import service as tenancy
from app.ui import context


@pytest.fixture
def many_tongues(app, shop):
    with app.app_context(), shop.entered():
        tenancy.keep_setting("languages", ["de", "ar"])
    return shop


def root_of(answer) -> str:
    return re.search(r"<html[^>]*>", answer.text).group()


def test_a_sentence_is_said_in_the_readers_language():
    with i18n.speaking("de"):
        assert i18n.gettext("Save") == "Speichern"
    assert i18n.gettext("Save") == "Save"


def test_numbers_of_things_take_the_plural_of_their_language():
    said = {}
    for name in ("en", "de", "ar"):
        with i18n.speaking(name):
            said[name] = [i18n.ngettext("%(num)s item", "%(num)s items", n) for n in (0, 1, 2, 3, 11, 100)]

    assert said["en"] == ["0 items", "1 item", "2 items", "3 items", "11 items", "100 items"]
    assert len(set(said["de"][1:2] + said["de"][2:3])) == 2
    assert len({re.sub(r"\d+", "", one) for one in said["ar"]}) >= 4


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("nl, fr;q=0.5, es;q=0.7", "es"),
        ("ar;q=0, en", "en"),
        ("tlh", ""),
        ("", ""),
        ("de;q=much, fr", "fr"),
        ("x" * 5000, ""),
    ],
)
def test_the_browsers_wishes_are_weighed(header, spoken):
    assert i18n.accepted(header) == spoken


def test_a_path_may_begin_with_a_language():
    assert i18n.split_prefix("/de/products/vase") == ("de", "/products/vase")
    assert i18n.split_prefix("/de") == ("de", "/")
    assert i18n.split_prefix("/design") == ("", "/design")
    assert i18n.split_prefix("/") == ("", "/")


def test_a_shop_is_read_in_its_further_languages(many_tongues, client):
    german, arabic = client.get("/de/cart"), client.get("/ar/cart")

    assert 'lang="de"' in root_of(german) and 'dir="ltr"' in root_of(german)
    assert 'lang="ar"' in root_of(arabic) and 'dir="rtl"' in root_of(arabic)
    assert "Zum Inhalt springen" in german.text


def test_links_keep_the_language_and_files_do_without(many_tongues, client):
    page = client.get("/de/cart").text

    assert 'href="/de/search"' in page
    assert not re.search(r'(href|src)="/de/(static|_brand|media|admin)', page)


def test_the_shops_own_language_has_one_address(many_tongues, client):
    answer = client.get("/en/cart?x=1")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/cart?x=1"


@pytest.mark.parametrize("path", ["/fr/cart", "/xx/cart", "/de/admin", "/de/api/v1/products"])
def test_a_language_that_is_not_spoken_there_is_no_page(many_tongues, client, path):
    assert client.get(path).status_code == 404


def test_without_further_languages_there_is_no_choice(shop, client):
    page = client.get("/cart").text

    assert 'class="row tongues"' not in page
    assert client.get("/de/cart").status_code == 404


def test_the_choice_names_each_language_in_itself(many_tongues, client):
    page = client.get("/de/cart").text

    assert '<a href="/cart" hreflang="en" lang="en">English</a>' in page
    assert '<a href="/de/cart" hreflang="de" lang="de" aria-current="true">Deutsch</a>' in page
    assert "العربية" in page


def test_staff_choose_a_language_and_the_next_page_speaks_it(shop, staff_client):
    before = root_of(staff_client.get("/admin/profile"))
    staff_client.post_form("/admin/profile/language", {"language": "ar"})
    after = root_of(staff_client.get("/admin/profile"))

    assert 'lang="en"' in before
    assert 'lang="ar"' in after and 'dir="rtl"' in after


def test_staff_who_chose_nothing_are_spoken_to_as_their_browser_asks(shop, staff_client):
    page = staff_client.get("/admin/profile", headers={"Accept-Language": "fr-CA,fr;q=0.9"})

    assert 'lang="fr"' in root_of(page)


def test_an_unknown_language_is_refused(shop, staff_client):
    answer = staff_client.post_form("/admin/profile/language", {"language": "tlh"})

    assert answer.status_code == 422


def test_the_platforms_pages_speak_as_the_browser_asks_or_as_was_chosen(platform_client):
    asked = platform_client.get("/welcome", headers={"Accept-Language": "es"})
    platform_client.post_form("/language", {"language": "de", "back_to": "/welcome"})
    chosen = platform_client.get("/welcome", headers={"Accept-Language": "es"})

    assert 'lang="es"' in root_of(asked)
    assert 'lang="de"' in root_of(chosen)


def test_after_the_choice_nobody_is_sent_to_a_stranger(platform_client):
    answer = platform_client.post_form("/language", {"language": "de", "back_to": "//evil.example"})

    assert answer.headers["Location"].endswith("/welcome")


def test_prices_are_written_as_the_language_writes_them(many_tongues, client, app):
    with app.app_context(), many_tongues.entered(), i18n.speaking("de"):
        assert context.format_money(123450, "EUR").replace("\xa0", " ") == "1.234,50 €"


def test_a_refusal_is_said_in_the_readers_language(many_tongues, client):
    assert "Das gibt es hier nicht" in client.get("/de/products/no-such-thing").text
