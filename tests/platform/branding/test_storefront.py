"""What browsers get of a brand: style sheet, icons, manifest, and drafts by signed link only."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from app.core import access, clock, isolation
from app.platform.branding import preview, queries, service
from app.ui.theme import BrandTokens

RUST, LIME = "#a8492a", "#c8f03c"
BY = access.system_actor("tests")


def publish(shop, **tokens):
    with shop.app.app_context(), shop.entered():
        return service.publish_tokens(BrandTokens(**tokens), by=BY)


def draft(shop, **tokens):
    with shop.app.app_context(), shop.entered():
        service.save_draft(BrandTokens(**tokens), by=BY)


def token_of(shop, make=preview.link_token):
    with isolation.entered(shop.id):
        return make()


def sheet_of(page):
    found = re.search(r'href="([^"]+)" data-brand-css', page.text)
    assert found, page.text[:500]
    return found.group(1)


def test_a_new_shop_has_a_style_sheet_that_is_kept_for_ever(client):
    sheet = client.get(sheet_of(client.get("/cart")))

    assert sheet.status_code == 200
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.content_type == "text/css; charset=utf-8"


def test_a_published_change_shows_on_the_next_request(client, shop):
    before = sheet_of(client.get("/cart"))

    publish(shop, colour=RUST)

    after = sheet_of(client.get("/cart"))
    assert after != before
    assert RUST in client.get(after).text
    assert client.get(before).status_code == 200


def test_a_published_change_shows_in_another_process_too(client, shop):
    """Nothing true lives in a process: with every cache of this one forgotten, the page is the same."""
    publish(shop, colour=RUST)
    page = sheet_of(client.get("/cart"))

    queries._published_tokens.cache_clear()

    assert sheet_of(client.get("/cart")) == page


def test_another_shops_style_sheet_is_not_here(client, shop, other_shop):
    publish(other_shop, colour="#123987")
    theirs = sheet_of(other_shop.browser().get("/cart"))

    foreign, random = client.get(theirs), client.get("/_brand/" + "0" * 24 + ".css")

    assert (foreign.status_code, random.status_code) == (404, 404)


@pytest.mark.parametrize("path", ["/_brand/nonsense.css", "/_brand/x/99.png", "/_brand/../settings.css"])
def test_what_is_no_brand_file_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_without_a_logo_the_favicon_shows_the_initials_on_the_brands_colour(client, shop):
    publish(shop, colour=RUST)

    icon = Image.open(io.BytesIO(client.get("/favicon.ico").data))

    assert icon.size == (32, 32)
    assert icon.getpixel((1, 1)) == (0xA8, 0x49, 0x2A)


@pytest.mark.parametrize(
    ("file", "side"), [("180.png", 180), ("192.png", 192), ("512.png", 512), ("maskable.png", 512)]
)
def test_every_icon_is_there_in_its_size(client, file, side):
    address = re.search(r'apple-touch-icon" href="([^"]+)180\.png"', client.get("/cart").text).group(1)

    answer = client.get(address + file)

    assert Image.open(io.BytesIO(answer.data)).size == (side, side)
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_manifest_carries_the_shops_name_and_colours(client, shop):
    publish(shop, colour=RUST, mode="dark")

    answer = client.get("/manifest.webmanifest")

    assert answer.content_type == "application/manifest+json"
    assert answer.json["name"] == shop.name
    assert answer.json["theme_color"] == answer.json["background_color"] < "#300000"
    assert {icon["purpose"] for icon in answer.json["icons"]} == {"any", "maskable"}
    assert all(client.get(icon["src"]).status_code == 200 for icon in answer.json["icons"])


def test_the_platforms_host_has_an_icon_of_its_own_and_no_shops_manifest(platform_client):
    assert platform_client.get("/favicon.ico").status_code == 200
    assert platform_client.get("/manifest.webmanifest").status_code == 404


def test_a_stranger_gets_no_icon(app):
    assert app.test_client().get("/favicon.ico", base_url="http://stranger.example:8000").status_code == 404


def test_a_preview_link_shows_the_draft_on_every_page_and_to_nobody_else(client, shop):
    draft(shop, colour=LIME, words={"bag": "Pack"})
    published = sheet_of(client.get("/cart"))

    first = client.get(f"/cart?preview={token_of(shop)}")
    next_page = client.get("/search")

    assert sheet_of(first) == sheet_of(next_page) != published
    assert "noindex" in next_page.text
    assert "draft of this shop" in next_page.text
    assert "Pack" in first.text
    assert next_page.headers["Cache-Control"] == "no-store"
    assert next_page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert sheet_of(shop.browser().get("/cart")) == published


def test_a_preview_can_be_left(client, shop):
    draft(shop, colour=LIME)
    client.get(f"/cart?preview={token_of(shop)}")

    answer = client.get("/cart?preview=off")

    assert answer.headers["Location"] == "/cart"
    assert "draft of this shop" not in client.get("/cart").text


@pytest.mark.parametrize("bad", ["nonsense", "eyJhIjoxfQ.aaaa", "x" * 3000])
def test_a_forged_preview_link_is_not_found(client, shop, bad):
    draft(shop, colour=LIME)

    assert client.get(f"/cart?preview={bad}").status_code == 404
    assert "draft of this shop" not in client.get("/cart").text


def test_a_preview_link_of_another_shop_is_not_found(client, shop, other_shop):
    draft(shop, colour=LIME)

    assert client.get(f"/cart?preview={token_of(other_shop)}").status_code == 404


def test_a_preview_link_ends_after_a_week(client, shop):
    draft(shop, colour=LIME)
    token = token_of(shop)

    with clock.frozen(clock.now() + timedelta(days=8)):
        assert client.get(f"/cart?preview={token}").status_code == 404


def test_the_editors_frame_does_not_change_the_shop_in_the_next_tab(client, shop):
    draft(shop, colour=LIME)
    published = sheet_of(client.get("/cart"))

    framed = client.get(f"/cart?preview={token_of(shop, preview.frame_token)}", headers={"Sec-Fetch-Dest": "iframe"})
    followed = client.get("/search", headers={"Sec-Fetch-Dest": "iframe"})
    next_tab = client.get("/cart", headers={"Sec-Fetch-Dest": "document"})

    assert sheet_of(framed) == sheet_of(followed) != published
    assert sheet_of(next_tab) == published


def test_a_shops_own_words_are_used(client, shop):
    publish(shop, words={"bag": "Rucksack", "empty_bag": "Nothing packed yet"})

    page = client.get("/cart").text

    assert "Rucksack" in page
    assert "Nothing packed yet" in page


def test_a_page_that_is_not_there_is_shown_in_the_shops_look(client, shop):
    publish(shop, colour=RUST)

    answer = client.get("/nothing-here")

    assert answer.status_code == 404
    assert shop.name in answer.text
    assert RUST in client.get(sheet_of(answer)).text


def test_a_stranger_sees_a_page_that_names_nobody(app):
    answer = app.test_client().get("/", base_url="http://stranger.example:8000")

    assert answer.status_code == 421
    assert "livery" not in answer.text.lower()
