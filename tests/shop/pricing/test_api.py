"""Taxes set by a program, as on the page of taxes."""

from __future__ import annotations


def test_tax_rates_are_made_read_changed_and_removed(api, program):
    home = api.get("/api/v1/taxes").json["data"]
    assert [one["country"] for one in home] == ["IE"]

    made = api.post("/api/v1/taxes", {"country": "DE", "name": "MwSt", "percent": "7.5", "taxes_delivery": False})
    assert (made.status_code, made.json["percent"], made.json["taxes_delivery"]) == (201, "7.5", False), made.text
    assert api.post("/api/v1/taxes", {"country": "FR"}).json["percent"] == "20"
    assert api.post("/api/v1/taxes", {"country": "DE"}).json["code"] == "tax_rate_stands_already"
    assert api.post("/api/v1/taxes", {"country": "ZZ"}).json["code"] == "no_standard_rate"
    many = api.post("/api/v1/taxes", {"country": "NL", "name": "BTW", "percent": "101"})
    assert many.json["problems"][0]["pointer"] == "/percent"
    first = api.get("/api/v1/taxes?limit=2").json
    rest = api.get(f"/api/v1/taxes?cursor={first['next_cursor']}").json
    assert [one["country"] for one in first["data"] + rest["data"]] == ["DE", "FR", "IE"]
    assert [one["country"] for one in api.get("/api/v1/taxes?country=FR").json["data"]] == ["FR"]

    path, wanted = f"/api/v1/taxes/{made.json['id']}", {"name": "MwSt", "percent": "19"}
    assert api.get(path).json == made.json
    assert api.put(path, wanted).status_code == 428
    assert api.put(path, wanted, seen=made.headers["ETag"]).json["percent"] == "19"
    assert api.put(path, wanted, seen=made.headers["ETag"]).status_code == 412
    assert api.delete(path).json["country"] == "DE"
    assert api.get(path).status_code == api.delete(path).status_code == 404
    assert program("orders.read").get("/api/v1/taxes").status_code == 403
