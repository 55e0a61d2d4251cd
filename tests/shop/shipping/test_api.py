"""Delivery set by a program, as on the page of delivery."""

from __future__ import annotations


def test_zones_and_rates_are_made_read_changed_and_removed(api, program):
    standing = api.get("/api/v1/shipping/zones").json["data"]
    assert [one["countries"] for one in standing] == [["IE"], ["*"]]
    assert standing[0]["rates"][0]["amount"] == 500

    made = api.post("/api/v1/shipping/zones", {"name": "Nordics", "countries": ["SE", "DK"]})
    assert (made.status_code, made.json["countries"], made.json["rates"]) == (201, ["DK", "SE"], []), made.text
    taken = api.post("/api/v1/shipping/zones", {"name": "x", "countries": ["SE"]})
    assert taken.json["code"] == "country_stands_elsewhere"
    assert api.post("/api/v1/shipping/zones", {"name": "x", "countries": ["ZZ"]}).json["code"] == "unknown_country"
    assert api.post("/api/v1/shipping/zones", {"name": "x", "countries": ["Sweden"]}).status_code == 422
    first = api.get("/api/v1/shipping/zones?limit=2").json
    rest = api.get(f"/api/v1/shipping/zones?cursor={first['next_cursor']}").json
    assert [one["name"] for one in first["data"] + rest["data"]] == [one["name"] for one in [*standing, made.json]]

    zone, wanted = f"/api/v1/shipping/zones/{made.json['id']}", {"name": "North", "countries": ["SE", "NO"]}
    assert api.put(zone, wanted).status_code == 428
    assert api.put(zone, wanted, seen=made.headers["ETag"]).json["countries"] == ["NO", "SE"]
    assert api.put(zone, wanted, seen=made.headers["ETag"]).status_code == 412

    by_weight = {"name": "Post", "provider": "weight", "steps": [{"up_to": 1000, "amount": 700}]}
    rate = api.post(f"{zone}/rates", by_weight)
    assert (rate.status_code, rate.json["steps"], rate.json["amount"]) == (201, by_weight["steps"], None), rate.text
    assert api.post(f"{zone}/rates", {"name": "x"}).json["problems"][0]["pointer"] == "/amount"
    assert api.post(f"{zone}/rates", {"name": "x", "provider": "owl", "amount": 1}).json["code"] == (
        "provider_not_installed"
    )
    assert api.post(f"{zone}/rates", by_weight | {"amount": 3}).status_code == 422
    own, flat = f"/api/v1/shipping/rates/{rate.json['id']}", {"name": "Post", "amount": 900, "free_from": 10000}
    assert api.get(own).json == rate.json
    assert api.put(own, flat).status_code == 428
    changed = api.put(own, flat, seen=rate.headers["ETag"]).json
    assert (changed["provider"], changed["amount"], changed["free_from"]) == ("flat", 900, 10000)
    assert api.put(own, flat, seen=rate.headers["ETag"]).status_code == 412
    assert api.get(zone).json["rates"] == [changed]
    assert api.delete(own).json["name"] == "Post"
    assert api.get(own).status_code == api.delete(own).status_code == 404
    assert api.delete(zone).json["name"] == "North"
    assert api.get(zone).status_code == api.delete(zone).status_code == 404
    assert program("orders.read").get("/api/v1/shipping/zones").status_code == 403
