"""The branding editor, as a page with JavaScript and without."""

import html
import io
import re

import pytest
from PIL import Image

from app.core import access
from app.platform.branding import queries, service
from app.ui.theme import BrandTokens

RUST, LIME = "#a8492a", "#c8f03c"
FORM = {"colour": LIME, "mode": "dark", "font_pair": "bricolage", "radius": "2"}
BY = access.system_actor("tests")


def look(shop, read=queries.draft):
    with shop.app.app_context(), shop.entered():
        return read()


def publish(shop, **tokens):
    with shop.app.app_context(), shop.entered():
        return service.publish_tokens(BrandTokens(**tokens), by=BY)


def png():
    out = io.BytesIO()
    Image.new("RGB", (60, 60), RUST).save(out, "PNG")
    out.seek(0)
    return out


def test_the_editor_shows_every_choice_and_the_shop_beside_it(staff_client):
    page = staff_client.get("/admin/branding")

    assert page.status_code == 200
    for name in ("colour", "mode", "font_pair", "radius", "hero_layout", "card_layout", "header_layout", "density"):
        assert f'name="{name}"' in page.text, name
    assert re.search(r'<iframe src="/\?preview=[^"]+"', page.text)
    assert page.text.count(" : 1</span>") == 4


def test_without_javascript_the_draft_is_saved_and_the_page_shown_again(staff_client, shop):
    answer = staff_client.post_form("/admin/branding", FORM)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/branding")
    assert look(shop).tokens == BrandTokens(colour=LIME, mode="dark", font_pair="bricolage", radius=2)
    assert "Draft, 4 changes" in staff_client.get("/admin/branding").text


def test_with_htmx_the_state_comes_back_and_names_the_new_style_sheet(staff_client, shop):
    answer = staff_client.post_form("/admin/branding", FORM, htmx=True)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    sheet = re.search(r'data-css="([^"]+)"', answer.text).group(1)
    assert LIME in staff_client.get(sheet).text


def test_a_colour_of_the_logo_is_taken_with_one_click(staff_client, shop):
    staff_client.post_form("/admin/branding", FORM | {"pick": RUST})

    assert look(shop).tokens.colour == RUST


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "rust"),
        ("colour", ""),
        ("canvas", "#ffff"),
        ("radius", "99"),
        ("mode", "sepia"),
        ("font_pair", "comic"),
    ],
)
def test_a_bad_choice_gets_a_sentence_and_changes_nothing(staff_client, shop, field, value, htmx):
    answer = staff_client.post_form("/admin/branding", FORM | {field: value}, htmx=htmx)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert look(shop).tokens == BrandTokens()


def test_what_was_typed_beside_a_bad_choice_is_not_lost(staff_client):
    fields = FORM | {"colour": "rust", "words-0-key": "add_to_bag", "words-0-word": "Take it home"}

    page = staff_client.post_form("/admin/branding", fields).text

    assert 'value="rust"' in page
    assert 'value="Take it home"' in page


def test_a_field_that_the_form_does_not_have_is_refused(staff_client, shop):
    assert staff_client.post_form("/admin/branding", FORM | {"logo_key": "brand/x.png"}).status_code == 422
    assert look(shop).tokens == BrandTokens()


def test_words_are_kept_and_empty_ones_mean_the_usual_word(staff_client, shop):
    words = {"words-0-key": "add_to_bag", "words-0-word": "<b>Take</b> it", "words-1-key": "bag", "words-1-word": ""}

    staff_client.post_form("/admin/branding", FORM | words)

    assert look(shop).tokens.words == {"add_to_bag": "<b>Take</b> it"}
    assert "<b>Take</b>" not in staff_client.get("/admin/branding").text


def test_publishing_shows_the_draft_to_shoppers(staff_client, client, shop):
    staff_client.post_form("/admin/branding", FORM)

    answer = staff_client.post_form("/admin/branding/publish")

    assert answer.status_code == 303
    assert look(shop, queries.published).tokens.colour == LIME
    assert look(shop, queries.published).css_url in client.get("/cart").text


def test_publishing_twice_says_that_there_is_nothing_to_publish(staff_client):
    answer = staff_client.post_form("/admin/branding/publish")

    assert answer.status_code == 409
    assert "no draft to publish" in answer.text


def test_a_discarded_draft_leaves_what_is_published(staff_client, shop):
    publish(shop, colour=RUST)
    staff_client.post_form("/admin/branding", FORM)

    staff_client.post_form("/admin/branding/discard")

    assert look(shop).tokens.colour == RUST


def test_a_logo_is_uploaded_shown_with_its_colours_and_removed(staff_client, shop):
    answer = staff_client.post_form("/admin/branding/logo", {"logo": (png(), "../../mark.png")})
    page = staff_client.get("/admin/branding").text

    assert answer.status_code == 303
    assert f'value="{RUST}"' in page
    logo_url = look(shop).logo_url
    assert logo_url in page
    assert staff_client.get(logo_url).content_type == "image/png"

    staff_client.post_form("/admin/branding/logo/remove")

    assert look(shop).logo_url == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files can carry programs"),
        (b"MZ\x90 program", "no PNG, JPEG"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_beside_the_field(staff_client, shop, data, sentence):
    answer = staff_client.post_form("/admin/branding/logo", {"logo": (io.BytesIO(data), "logo.png")})

    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert look(shop).logo_url == ""


def test_history_offers_older_versions_and_brings_one_back(staff_client, shop):
    first = publish(shop, colour=RUST)
    publish(shop, colour=LIME)

    page = staff_client.get("/admin/branding/history").text
    answer = staff_client.post_form(f"/admin/branding/history/{first.number}/restore")

    assert RUST in page
    assert LIME in page
    assert answer.status_code == 303
    assert look(shop, queries.published).tokens.colour == RUST


def test_another_shops_version_is_as_unknown_as_one_that_never_was(staff_client, other_shop):
    for colour in (RUST, LIME, "#123456"):
        publish(other_shop, colour=colour)

    foreign = staff_client.post_form("/admin/branding/history/1/restore")
    random = staff_client.post_form("/admin/branding/history/987654/restore")

    assert foreign.status_code == random.status_code == 404
    assert foreign.text == random.text


PATHS = ["/admin/branding", "/admin/branding/history"]
POSTS = ["", "/logo", "/logo/remove", "/publish", "/discard", "/history/1/restore"]


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_asked_to_sign_in_and_sees_nothing(client, path):
    answer = client.get(path)

    assert answer.status_code in {302, 303}
    assert "/admin/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("path", POSTS)
def test_a_stranger_changes_nothing(client, shop, path):
    answer = client.post_form(f"/admin/branding{path}", FORM if not path else {})

    assert answer.status_code in {302, 303, 401}
    assert look(shop).tokens == BrandTokens()


@pytest.mark.parametrize("path", POSTS)
def test_who_may_only_look_changes_nothing(staff_client, shop, path, monkeypatch):
    reader = access.Actor("staff", name="Reader", permissions=frozenset({"branding.read"}))
    monkeypatch.setattr(access, "_identify", [lambda: reader])

    assert staff_client.get("/admin/branding").status_code == 200
    assert staff_client.post_form(f"/admin/branding{path}", FORM if not path else {}).status_code == 403
    assert look(shop).tokens == BrandTokens()


def test_a_form_of_another_site_is_refused(staff_client, shop):
    answer = staff_client.post("/admin/branding", data=FORM)

    assert answer.status_code == 403
    assert look(shop).tokens == BrandTokens()
