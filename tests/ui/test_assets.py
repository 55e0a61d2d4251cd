"""Static files: addresses that change with their content, budgets, licences, and no product name."""

import base64
import gzip
import hashlib
import json
import re

import pytest

from app import settings
from app.ui import assets, icons

ROOT = settings.ROOT
STATIC = ROOT / "static"
TEMPLATES = sorted([*(ROOT / "app").glob("*/templates/**/*.html"), *(ROOT / "app").glob("*/*/templates/**/*.html")])
VENDORED = json.loads((STATIC / "vendor" / "manifest.json").read_text())
STOREFRONT_CSS = ("base", "store", "catalog", "fonts")
BACKOFFICE_CSS = ("base", "forms", "admin", "desk", "fonts")
ROOMS_CSS = ("orders", "products", "editor", "home")
"""A page loads the sheet of its own room beside those of all."""
BACKOFFICE_JS = ("app", "desk", "sort", "keys")


def zipped(*paths):
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)


def test_a_static_file_is_kept_for_ever_under_its_fingerprint(client):
    answer = client.get(assets.asset("css/base.css"))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_browser_that_takes_gzip_gets_a_smaller_file_and_asks_for_it_once(client):
    address = assets.asset("css/base.css")

    plain, small = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})

    assert gzip.decompress(small.data) == plain.data
    assert small.content_length < plain.content_length / 2
    assert "Accept-Encoding" in plain.headers["Vary"] and small.headers["ETag"] != plain.headers["ETag"]
    assert again.status_code == 304


@pytest.mark.parametrize("name", assets.SHEETS)
def test_shoppers_load_their_style_sheets_in_one_piece(client, name):
    page = client.get("/cart").text

    answer = client.get(assets.asset(name), headers={"Accept-Encoding": "gzip"})

    assert f'<link rel="stylesheet" href="{assets.asset(name)}">' in page
    for part in assets.SHEETS[name]:
        assert (STATIC / f"css/{part}.css").read_bytes() in gzip.decompress(answer.data)
        assert f"css/{part}.css" not in page
    assert client.get(assets.asset(name), headers={"If-None-Match": answer.headers["ETag"]}).status_code in {200, 304}
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_a_browser_without_gzip_and_a_picture_get_plain_bytes(client, accepted):
    headers = {"Accept-Encoding": accepted}

    assert "Content-Encoding" not in client.get(assets.asset("css/base.css"), headers=headers).headers
    picture = next(STATIC.glob("fonts/*.woff2")).relative_to(STATIC)
    assert "Content-Encoding" not in client.get(assets.asset(str(picture)), headers={"Accept-Encoding": "gzip"}).headers


def test_an_address_of_an_older_release_still_answers_but_is_not_kept(client):
    answer = client.get("/static/0123456789ab/css/base.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["../settings.py", "..%2f..%2fsetup.cfg", "css/../../setup.cfg", "/etc/passwd", "css"])
def test_nothing_outside_the_folder_is_given_out(client, path):
    assert client.get(f"/static/{assets.fingerprint()}/{path}").status_code in {404, 400, 308}


def test_a_cdn_in_front_is_named_in_every_address(app, monkeypatch):
    monkeypatch.setattr(
        settings, "current", lambda: settings.Settings(asset_base_url="https://cdn.example/", environment="production")
    )

    assert re.fullmatch(r"https://cdn\.example/static/\w{12}/css/base\.css", assets.asset("css/base.css"))


def test_the_fingerprint_changes_with_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    (tmp_path / "a.css").write_text("a {}")
    before = assets.fingerprint()

    (tmp_path / "a.css").write_text("b {}")

    assert assets.fingerprint() != before


def test_every_file_that_a_style_sheet_names_is_there():
    for sheet in STATIC.glob("css/*.css"):
        for named in re.findall(r"url\(([^)]+)\)", sheet.read_text()):
            assert named.startswith("data:") or (sheet.parent / named.strip("'\"")).is_file(), f"{sheet.name}: {named}"


@pytest.mark.parametrize("one", VENDORED, ids=lambda one: one["file"])
def test_a_vendored_file_is_the_one_that_was_taken(one):
    digest = hashlib.sha384((ROOT / one["file"]).read_bytes()).digest()

    assert base64.b64encode(digest).decode() == one["sha384"]


def test_every_vendored_file_is_accounted_for():
    found = {str(path.relative_to(ROOT)) for path in STATIC.glob("vendor/**/*.*") if path.suffix in {".js", ".css"}}

    assert found <= {one["file"] for one in VENDORED}


def test_a_storefront_page_stays_within_its_budget():
    assert zipped(*(STATIC / f"css/{name}.css" for name in STOREFRONT_CSS)) <= 12 * 1024
    assert zipped(STATIC / "js/app.js") <= 6 * 1024
    assert zipped(STATIC / "js/app.js", *STATIC.glob("vendor/htmx/*.js")) <= 22 * 1024


def test_a_backoffice_page_stays_within_its_budget():
    own = max(zipped(STATIC / f"css/{name}.css") for name in ROOMS_CSS)
    assert zipped(*(STATIC / f"css/{name}.css" for name in BACKOFFICE_CSS)) + own <= 16 * 1024
    scripts = [STATIC / f"js/{name}.js" for name in BACKOFFICE_JS]
    assert zipped(*scripts, *STATIC.glob("vendor/htmx/*.js")) <= 30 * 1024


def test_nothing_that_a_browser_gets_names_the_product():
    for path in [
        *STATIC.glob("css/*"),
        *STATIC.glob("js/*"),
        *(path for path in TEMPLATES if "console" not in path.parts),
    ]:
        assert not re.search(r"\blivery\b", path.read_text(), re.IGNORECASE), path


def test_every_icon_that_a_template_names_exists():
    for template in TEMPLATES:
        for name in re.findall(r'\bicon(?:_name)?\s*[(=]\s*"([\w-]+)"', template.read_text()):
            assert (icons.FOLDER / f"{name}.svg").is_file(), f"{template.name}: {name}"


def test_every_icon_of_the_menu_exists(app):
    from app.roles import rooms

    for card in rooms():
        for entry in card.menu:
            assert (icons.FOLDER / f"{entry.icon}.svg").is_file(), entry


def test_an_unknown_icon_draws_a_circle_and_leaves_the_folder_alone():
    assert icons.icon("no-such-icon") == icons.icon("../../settings") == icons.icon("circle")
    assert "<circle" in icons.icon("circle")
