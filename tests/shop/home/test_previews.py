"""The branding editor's frame shows a mail and an invoice in the draft's look."""

import pytest

from app.core import access
from app.platform.branding import service
from app.ui.theme import BrandTokens

PATHS = ("/admin/branding/preview/mail", "/admin/branding/preview/order")


@pytest.fixture
def _draft(shop):
    with shop.app.app_context(), shop.entered():
        service.save_draft(BrandTokens(colour="#a8492a"), by=access.system_actor("tests"))


@pytest.mark.usefixtures("_draft")
def test_a_mail_is_shown_in_the_colours_of_the_draft_and_runs_no_script(staff_client):
    answer = staff_client.get(PATHS[0])

    assert answer.status_code == 200
    assert "#a8492a" in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("_draft")
def test_an_invoice_is_shown_with_the_style_sheet_of_the_draft(staff_client, make_product):
    make_product(title="Moon vase", price=6400)

    answer = staff_client.get(PATHS[1])

    assert answer.status_code == 200
    assert "Moon vase" in answer.text
    assert "€68.90" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_strangers_see_neither(client, path):
    assert client.get(path).status_code in {302, 303}
