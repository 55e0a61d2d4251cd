"""Texts in further languages, read and written by a program."""

from __future__ import annotations

from app.core.ids import new_id, to_public

SETTINGS = {"name": "Kiln", "timezone": "Europe/Dublin", "weight_unit": "kg", "languages": ["de"]}


def test_texts_are_read_and_written_over_what_was_read(api, program):
    api.put("/api/v1/settings", SETTINGS, seen=api.get("/api/v1/settings").headers["ETag"])
    mug = api.post("/api/v1/products", {"title": "Mug", "variants": [{"price": 1}]}).json["id"]
    shelf = api.post("/api/v1/collections", {"title": "Summer"}).json["id"]
    text = api.post("/api/v1/pages", {"title": "Repairs", "body": "Us"}).json["id"]
    path = f"/api/v1/translations/product/{mug}/de"

    read = api.get(path)
    assert {one["field"]: one["text"] for one in read.json["texts"]}["title"] == "Mug", read.text
    wanted = {"texts": {"title": "Becher"}}
    assert api.put(path, wanted).status_code == 428
    written = api.put(path, wanted, seen=read.headers["ETag"])
    assert {one["field"]: one["translation"] for one in written.json["texts"]}["title"] == "Becher"
    assert api.put(path, wanted, seen=read.headers["ETag"]).status_code == 412
    unknown = api.put(path, {"texts": {"colour": "x"}}, seen=written.headers["ETag"])
    assert unknown.json["problems"][0]["pointer"] == "/texts/colour"
    emptied = api.put(path, {"texts": {"title": ""}}, seen=written.headers["ETag"]).json["texts"]
    assert {one["field"]: one["translation"] for one in emptied}["title"] == ""

    menu = api.get("/api/v1/menus/main").json["id"]
    for kind, thing in (("collection", shelf), ("page", text), ("menu", menu)):
        assert api.get(f"/api/v1/translations/{kind}/{thing}/de").status_code == 200, kind
    lost = [f"product/{mug}/fr", f"product/{shelf}/de", f"product/{to_public('prod', new_id())}/de", f"owl/{mug}/de"]
    assert {api.get(f"/api/v1/translations/{one}").status_code for one in lost} == {404}
    assert program("products.read").get(path).status_code == 403
