"""What browsers get of a brand."""

from app.core import access
from app.platform.branding import service
from app.ui.theme import BrandTokens


def publish(shop, **tokens):
    with shop.app.app_context(), shop.entered():
        return service.publish_tokens(BrandTokens(**tokens), by=access.system_actor())


def sheet_of(page):
    return page.text.split('data-brand-css')[0].rpartition('href="')[2].partition('"')[0]


def test_a_new_shop_has_a_style_sheet_that_is_kept_for_ever(client):
    page = client.get("/admin/sign-in")

    sheet = client.get(sheet_of(page))

    assert sheet.status_code == 200, sheet_of(page)
    assert "immutable" in sheet.headers["Cache-Control"]
    assert sheet.content_type == "text/css; charset=utf-8"


def test_a_published_change_shows_on_the_next_request(client, shop):
    before = sheet_of(client.get("/admin/sign-in"))

    publish(shop, colour="#a8492a")

    after = sheet_of(client.get("/admin/sign-in"))
    assert after != before
    assert "#a8492a" in client.get(after).text
