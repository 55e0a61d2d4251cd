"""Staff's pages of imports and the export: upload, preview, progress, results."""

from __future__ import annotations

import io
import uuid

import pytest

from app.core import access
from app.core.access import system_actor
from app.shop.catalog import queries
from app.shop.catalog.importing import service
from tests.shop.catalog.test_importing import HEAD, SAMPLES, closed_network  # noqa: F401 (an autouse fixture)

PAGES = ["/imports", "/imports/{id}", "/imports/{id}/progress", "/imports/{id}/results.csv", "/export.csv"]
GOOD = (HEAD + "cup,Cup,active,,,C-1,4.50,3\nbad,Bad,active,,,,-1,3\n").encode()


def upload(browser, content=GOOD, name="products.csv", **options):
    return browser.post_form("/admin/products/imports", {"file": (io.BytesIO(content), name)}, **options)


def products(app, shop):
    with app.app_context(), shop.entered():
        return queries.count_products()


@pytest.fixture
def without_permissions(monkeypatch):
    """Whoever is signed in may do nothing."""
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", id=subject, name="Nobody"))


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_asked_to_sign_in(client, path):
    answer = client.get("/admin/products" + path.format(id=uuid.uuid4()))

    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_staff_without_the_permission_are_refused(staff_client, without_permissions, path):
    assert staff_client.get("/admin/products" + path.format(id=uuid.uuid4())).status_code == 403
    assert upload(staff_client).status_code == 403


@pytest.mark.parametrize("path", [path for path in PAGES if "{id}" in path])
def test_another_shops_import_is_as_unknown_as_none(staff_client, app, other_shop, path):
    with app.app_context(), other_shop.entered():
        foreign = service.start(GOOD, "theirs.csv", by=system_actor("tests")).id

    answers = [staff_client.get("/admin/products" + path.format(id=identity)) for identity in (foreign, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert staff_client.post_form(f"/admin/products/imports/{foreign}/confirm").status_code == 404


def test_an_upload_shows_what_would_happen_and_changes_nothing(staff_client, app, shop):
    answer = upload(staff_client)
    text = staff_client.get(answer.headers["Location"]).text

    assert answer.status_code == 303
    assert "What would happen" in text
    assert "Import 1 line<" in text
    assert "The price is below zero." in text
    assert products(app, shop) == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"\x00\x01", "not a text file"), (b"a,b\n1,2\n", "must name the columns")]
)
def test_a_file_that_is_no_list_is_refused_beside_the_form(staff_client, content, said):
    answer = upload(staff_client, content)

    assert answer.status_code == 422
    assert said in answer.text
    assert "Show what would happen" in answer.text


def test_a_form_without_a_file_is_told_so(staff_client):
    answer = staff_client.post_form("/admin/products/imports")

    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


def test_a_confirmed_import_runs_in_a_job_and_its_results_can_be_taken_home(staff_client, app, shop, run_jobs):
    page = upload(staff_client).headers["Location"]

    assert staff_client.post_form(page + "/confirm").status_code == 303
    waiting = staff_client.get(page).text
    assert '<meta http-equiv="refresh"' in waiting
    assert 'hx-trigger="every 1s"' in waiting
    run_jobs()

    text = staff_client.get(page).text
    assert "What happened" in text
    assert 'http-equiv="refresh"' not in text
    assert products(app, shop) == 1
    results = staff_client.get(page + "/results.csv")
    assert results.headers["Content-Type"].startswith("text/csv")
    assert "2,cup,created" in results.text
    assert "3,bad,failed,The price is below zero." in results.text
    done = staff_client.get_fragment(page + "/progress")
    assert done.headers["HX-Redirect"].endswith(page.rsplit("/", 1)[1])


def test_a_second_click_starts_nothing(staff_client):
    page = upload(staff_client).headers["Location"]
    staff_client.post_form(page + "/confirm")

    assert staff_client.post_form(page + "/confirm").status_code == 409


def test_all_lines_can_be_looked_at(staff_client):
    page = upload(staff_client).headers["Location"]

    assert ">cup<" not in staff_client.get(page).text.replace("\n", "").replace(" ", "")
    assert "cup" in staff_client.get(page + "?rows=all").text
    assert staff_client.get(page + "?rows=odd").status_code == 422


def test_the_export_is_a_file_that_the_import_takes(staff_client, app, shop, run_jobs):
    page = upload(staff_client, (SAMPLES / "own.csv").read_bytes()).headers["Location"]
    staff_client.post_form(page + "/confirm")
    run_jobs()

    answer = staff_client.get("/admin/products/export.csv")

    assert "attachment" in answer.headers["Content-Disposition"]
    again = upload(staff_client, answer.data).headers["Location"]
    assert 'class="num">2</dd>' in staff_client.get(again).text  # both products unchanged
