"""The pages beside the API: reference, changelog, the window that signs in; and the Postman collection."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import date

import pytest

from app.core import rest_changes
from app.platform.developers import api, describing
from tests.foreign import JUDGES, installed
from tests.platform.developers.test_openapi_fuzzed import served

__all__ = ["served"]


@pytest.mark.parametrize("path", ["/api/docs", "/api/changelog", "/api/docs/signed-in"])
def test_the_pages_are_the_shops_own_and_run_nothing_inline(client, shop, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert shop.name in answer.text
    assert not re.search(r"style=|<script>| on\w+=|\blivery", f"{answer.text}{answer.headers}".lower())
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_reference_explains_every_code_where_problems_lead_to(client, api):
    page = client.get("/api/docs").text

    for answer in (api.get("/api/v1/products?limit=0"), api.get("/api/v1/nothing"), client.get("/api/v1/products")):
        assert f'id="{answer.json["type"].rpartition("#")[2]}"' in page


def test_the_changelog_tells_what_changed_and_what_will_go(client, monkeypatch):
    change = rest_changes.Change(date(2026, 11, 1), date(2027, 12, 1), "/api/v1/products", "Say it there.")
    view = client.application.view_functions["catalog_api.show_product"]
    before = client.get("/api/changelog").text
    monkeypatch.setattr(view, "__changes__", change)
    describing._for_everybody.cache_clear()
    after, document = client.get("/api/changelog").text, client.get("/api/v1/openapi.json").json
    monkeypatch.undo()
    describing._for_everybody.cache_clear()

    for entry in rest_changes.ENTRIES:
        assert f'id="{entry.day.isoformat()}"' in before
    assert "GET /api/v1/products/{product_id}" not in before
    assert "GET /api/v1/products/{product_id}" in after and "Say it there." in after
    assert document["paths"]["/api/v1/products/{product_id}"]["get"]["deprecated"] is True
    assert change.anchor.startswith("/api/changelog#")


def requests_of(collection):
    """Every request of a collection with its folder."""
    return [(folder["name"], one) for folder in collection["item"] for one in folder["item"]]


def test_the_postman_collection_holds_every_operation(client, shop):
    answer = client.get("/api/v1/postman.json")
    collection = answer.json
    document = client.get("/api/v1/openapi.json").json
    operations = {
        (method.upper(), re.sub(r"{(\w+)}", r":\1", path))
        for path, found in document["paths"].items()
        for method in found
    }

    assert answer.headers["Content-Disposition"] == 'attachment; filename="postman.json"'
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert collection["info"]["name"] == f"{shop.name} API"
    assert [one["key"] for one in collection["variable"]] == ["baseUrl", "key"]
    asked = {
        (one["request"]["method"], "/" + "/".join(one["request"]["url"]["path"])) for _, one in requests_of(collection)
    }
    assert asked == operations
    for folder, one in requests_of(collection):
        url = one["request"]["url"]
        assert {part[1:] for part in url["path"] if part.startswith(":")} == {v["key"] for v in url["variable"]}, folder
        assert url["host"] == ["{{baseUrl}}"] and isinstance(one["response"], list)
        if one["request"].get("body", {}).get("mode") == "raw":
            json.loads(one["request"]["body"]["raw"])


def test_newman_imports_the_collection_and_sends_a_request_of_it(client, served, make_key, tmp_path):
    """Postman's own runner, from npm: it reads the file, fills in the key, and gets 200; without the key 401."""
    collection = client.get("/api/v1/postman.json").json
    wanted = [one for _, one in requests_of(collection) if one["request"]["url"]["raw"] == "{{baseUrl}}/api/v1/products"
              and one["request"]["method"] == "GET"]  # fmt: skip
    (tmp_path / "postman.json").write_text(json.dumps(collection | {"item": wanted}))
    for key, status in ((make_key("products.read"), 200), ("", 401)):
        report = tmp_path / "report.json"
        program = installed(*JUDGES) / "node_modules/.bin/newman"
        asked = ["run", "postman.json", "-r", "json", "--reporter-json-export", str(report)]
        given = ["--env-var", f"baseUrl={served}", "--env-var", f"key={key}"]
        subprocess.run([str(program), *asked, *given], cwd=tmp_path, env=os.environ | {"NO_COLOR": "1"}, check=True,
                       capture_output=True, timeout=60)  # fmt: skip
        run = json.loads(report.read_text())["run"]
        assert [one["response"]["code"] for one in run["executions"]] == [status]


def test_the_doors_stand_beside_the_api():
    assert api.docs.surface == "api"
