"""The shop's look made, published and brought back by a program, as in the branding editor."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image as Pixels

from app.core import clock

DRAFT = "/api/v1/branding/draft"


def a_logo() -> bytes:
    drawn = io.BytesIO()
    Pixels.new("RGB", (200, 100), (180, 90, 40)).save(drawn, "PNG")
    return drawn.getvalue()


def test_a_look_is_drafted_undone_published_and_brought_back(api, program):
    first = api.get(DRAFT)
    wanted = {"colour": "#884422", "radius": 0, "words": {"bag": "Basket"}}
    assert api.put(DRAFT, {"colour": "#884422"}).status_code == 428
    drafted = api.put(DRAFT, {"colour": "#884422", "radius": 0}, seen=first.headers["ETag"])
    assert (drafted.json["status"], drafted.json["tokens"]["colour"]) == ("draft", "#884422"), drafted.text
    assert api.put(DRAFT, wanted, seen=first.headers["ETag"]).status_code == 412
    assert api.get("/api/v1/branding").json["tokens"]["colour"] != "#884422"
    bad = api.put(DRAFT, {"colour": "brown"}, seen=drafted.headers["ETag"])
    assert (bad.status_code, bad.json["problems"][0]["pointer"]) == (422, "/colour")
    foreign = api.put(DRAFT, {"logo_key": "brand/another.png"}, seen=drafted.headers["ETag"])
    assert foreign.json["problems"][0]["pointer"] == "/logo_key"

    headers = {"Authorization": f"Bearer {api.key}"}
    sent = {"file": (io.BytesIO(a_logo()), "a.png")}
    assert api.browser.post(f"{DRAFT}/logo", data=sent, headers=headers).json["logo_url"]
    assert api.post(f"{DRAFT}/undo").json["logo_url"] is None
    assert api.delete(f"{DRAFT}/logo").json["logo_url"] is None

    assert program("branding.edit").post(f"{DRAFT}/publish").status_code == 403
    published = api.post(f"{DRAFT}/publish").json
    assert published["status"] == "published" and api.get("/api/v1/branding").json == published
    assert api.post(f"{DRAFT}/publish").json["code"] == "nothing_to_publish"
    assert api.post(f"{DRAFT}/undo").json["code"] == "nothing_to_undo"

    api.put(DRAFT, {"colour": "#224488"}, seen=api.get(DRAFT).headers["ETag"])
    second = api.post(f"{DRAFT}/publish").json
    versions = [one["number"] for one in api.get("/api/v1/branding/versions").json["data"]]
    assert versions[:2] == [second["number"], published["number"]]
    back = api.post(f"/api/v1/branding/versions/{published['number']}/restore").json
    assert back["tokens"] == published["tokens"]
    again = api.post(f"/api/v1/branding/versions/{published['number']}/restore")
    assert again.json["code"] == "already_published"
    assert api.post("/api/v1/branding/versions/999/restore").status_code == 404


def test_a_draft_is_published_at_its_time_or_forgotten(api):
    soon = {"at": (clock.now() + timedelta(hours=1)).isoformat()}
    drafted = api.put(DRAFT, {"colour": "#224488"}, seen=api.get(DRAFT).headers["ETag"])

    assert api.put(f"{DRAFT}/schedule", soon).status_code == 428
    waiting = api.put(f"{DRAFT}/schedule", soon, seen=drafted.headers["ETag"])
    assert waiting.json["publish_at"], waiting.text
    late = api.put(f"{DRAFT}/schedule", {"at": "2020-01-01T00:00:00Z"}, seen=waiting.headers["ETag"])
    assert late.json["code"] == "not_in_the_future"
    nowhere = api.put(f"{DRAFT}/schedule", {"at": "2020-01-01T00:00:00"}, seen=waiting.headers["ETag"])
    assert nowhere.json["problems"][0]["pointer"] == "/at"
    assert api.delete(f"{DRAFT}/schedule").json["publish_at"] is None
    assert api.delete(DRAFT).json["tokens"]["colour"] != "#224488"
