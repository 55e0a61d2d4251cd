"""Text pages, menus, the home page's draft and readers of the news, for programs."""

from __future__ import annotations

import io

from PIL import Image as Pixels

from app.core import clock, db
from app.core.ids import new_id, to_public
from app.shop.pages.models import Subscriber


def a_picture() -> bytes:
    drawn = io.BytesIO()
    Pixels.new("RGB", (200, 100), (180, 90, 40)).save(drawn, "PNG")
    return drawn.getvalue()


def test_text_pages_are_made_read_changed_and_removed(api, program):
    made = api.post("/api/v1/pages", {"title": "Repairs", "body": "We *mend*.", "status": "draft"})
    assert (made.status_code, made.json["handle"]) == (201, "repairs"), made.text
    path, wanted = f"/api/v1/pages/{made.json['id']}", {"title": "Mending", "body": "All."}
    assert api.get(path).json == made.json
    assert api.post("/api/v1/pages", {"title": "Repairs"}).json["code"] == "page_handle_taken"
    assert api.put(path, wanted).status_code == 428
    assert api.put(path, wanted, seen=made.headers["ETag"]).json["title"] == "Mending"
    assert api.put(path, wanted, seen=made.headers["ETag"]).status_code == 412

    first = api.get("/api/v1/pages?limit=1").json
    rest = api.get(f"/api/v1/pages?limit=100&cursor={first['next_cursor']}").json
    handles = [one["handle"] for one in first["data"] + rest["data"]]
    assert "repairs" in handles and handles == sorted(handles)
    assert [one["handle"] for one in api.get("/api/v1/pages?handle=repairs").json["data"]] == ["repairs"]
    assert api.delete(path).json["title"] == "Mending"
    assert api.get(path).status_code == api.delete(path).status_code == 404
    assert program("pages.read").post("/api/v1/pages", {"title": "x"}).status_code == 403


def test_menus_are_read_and_written(api):
    path = "/api/v1/menus/main"
    seen = api.get(path).headers["ETag"]
    wanted = {"entries": [{"label": "New", "href": "/collections/all"}]}

    assert api.put(path, wanted).status_code == 428
    written = api.put(path, wanted, seen=seen).json
    assert (written["handle"], written["entries"]) == ("main", wanted["entries"])
    assert api.put(path, wanted, seen=seen).status_code == 412
    assert api.get("/api/v1/menus").json["data"][0]["handle"] == "main"
    bad = {"entries": [{"label": "x", "href": "javascript:alert(1)"}]}
    refused = api.put(path, bad, seen=api.get(path).headers["ETag"])
    assert refused.json["problems"][0]["pointer"] == "/entries/0/href"
    assert api.get("/api/v1/menus/nothing").status_code == 404


def test_sections_of_the_home_page_are_made_filled_pictured_ordered_and_removed(api):
    made = api.post("/api/v1/home-page/sections", {"kind": "story"})
    assert (made.status_code, made.json["is_visible"]) == (201, False), made.text
    path = f"/api/v1/home-page/sections/{made.json['id']}"
    assert api.get(path).json == made.json

    section = {"kind": "story", "title": "Clay", "button": "More", "button_href": "/pages/about"}
    assert api.put(path, {"section": section}).status_code == 428
    filled = api.put(path, {"section": section}, seen=made.headers["ETag"])
    assert (filled.json["section"]["title"], filled.json["is_visible"]) == ("Clay", True)
    assert api.put(path, {"section": section}, seen=made.headers["ETag"]).status_code == 412

    def refused(**values: object) -> str:
        answer = api.put(path, {"section": section | values}, seen=api.get(path).headers["ETag"])
        return answer.json["problems"][0]["pointer"]

    assert refused(button_href="javascript:alert(1)") == "/section/button_href"
    assert refused(kind="text", button="") in {"/section", "/section/kind"}
    assert refused(image={"key": "images/of-another.jpg", "alt": "x"}) == "/section/image/key"

    headers = {"Authorization": f"Bearer {api.key}"}
    sent = {"file": (io.BytesIO(a_picture()), "a.png"), "alt": "A kiln"}
    pictured = api.browser.post(f"{path}/picture", data=sent, headers=headers, content_type="multipart/form-data")
    assert pictured.json["section"]["image"]["alt"] == "A kiln", pictured.text
    kept = api.put(path, {"section": pictured.json["section"]}, seen=pictured.headers["ETag"])
    assert kept.json["section"]["image"]["key"] == pictured.json["section"]["image"]["key"]

    assert api.post(f"{path}/visibility", {"is_visible": False}).json["is_visible"] is False
    copy = api.post(f"{path}/copy")
    assert copy.status_code == 201
    draft = api.get("/api/v1/home-page/sections")
    order = {"ids": [copy.json["id"]]}
    turned = api.put("/api/v1/home-page/sections/order", order, seen=draft.headers["ETag"]).json["data"]
    assert turned[0]["id"] == copy.json["id"] and len(turned) == len(draft.json["data"])
    assert api.delete(path).status_code == 200
    assert api.get(path).status_code == api.delete(path).status_code == 404


def test_readers_of_the_news_are_listed_for_those_who_may_take_data_out(app, shop, api, program):
    with app.app_context(), shop.entered():
        for name in ("a", "b", "c"):
            status = "asked" if name == "c" else "confirmed"
            db.add(Subscriber(id=new_id(), email=f"{name}@example.com", status=status, confirmed_at=clock.now()))
        db.flush()

    first = api.get("/api/v1/subscribers?limit=1").json
    rest = api.get(f"/api/v1/subscribers?cursor={first['next_cursor']}").json
    assert [one["email"] for one in first["data"] + rest["data"]] == ["b@example.com", "a@example.com"]
    assert program("pages.edit").get("/api/v1/subscribers").status_code == 403
    assert to_public("sub", new_id())[:4] == "sub_"
