"""All that the back office does with customers, done by a program."""

from __future__ import annotations

from app.core.ids import new_id, to_public

HOME = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}


def test_a_customer_is_made_read_found_changed_tagged_and_erased(api, program):
    made = api.post("/api/v1/customers", {"email": "Ines@Example.com", "name": "Ines Maur", "tags": ["b2b"]})
    assert (made.status_code, made.json["email"], made.json["tags"]) == (201, "ines@example.com", ["b2b"]), made.text
    path = f"/api/v1/customers/{made.json['id']}"
    assert api.get(path).json == made.json
    assert api.post("/api/v1/customers", {"email": "ines@example.com"}).json["code"] == "customer_exists"
    assert api.post("/api/v1/customers", {"email": "nobody"}).json["problems"][0]["pointer"] == "/email"

    api.post("/api/v1/customers", {"email": "other@example.com", "accepts_marketing": True})
    for query, found in {"q=ines": 1, "email=INES@example.com": 1, "tag=b2b": 1, "kind=marketing": 1, "": 2}.items():
        assert len(api.get(f"/api/v1/customers?{query}").json["data"]) == found, query
    first = api.get("/api/v1/customers?limit=1").json
    rest = api.get(f"/api/v1/customers?cursor={first['next_cursor']}").json
    assert [one["email"] for one in first["data"] + rest["data"]] == ["other@example.com", "ines@example.com"]

    wanted = {"name": "Ines M.", "accepts_marketing": True, "note": "Calls first"}
    assert api.put(path, wanted).status_code == 428
    changed = api.put(path, wanted, seen=made.headers["ETag"])
    assert (changed.json["name"], changed.json["accepts_marketing"], changed.json["tags"]) == ("Ines M.", True, ["b2b"])
    assert api.put(path, wanted, seen=made.headers["ETag"]).status_code == 412
    assert api.put(f"{path}/tags", {"tags": ["vip"]}, seen=changed.headers["ETag"]).json["tags"] == ["vip"]

    both = {"customer_ids": [made.json["id"], first["data"][0]["id"]]}
    assert api.post("/api/v1/customers/actions", both | {"action": "tag", "tag": "vip"}).json == {"changed": 1}
    assert api.post("/api/v1/customers/actions", both | {"action": "no_marketing"}).json == {"changed": 2}
    lost = {"customer_ids": [to_public("cus", new_id())], "action": "no_marketing"}
    assert api.post("/api/v1/customers/actions", lost).status_code == 422

    assert api.get(f"{path}/data").json["customer"]["note"] == "Calls first"
    assert "ines@example.com" in api.get("/api/v1/customers/export.csv").text
    assert api.post(f"{path}/erase", {"email": "other@example.com"}).json["code"] == "not_this_customer"
    assert program("customers.edit").post(f"{path}/erase", {"email": "ines@example.com"}).status_code == 403
    erased = api.post(f"{path}/erase", {"email": "ines@example.com"}).json
    assert erased["erased_at"] and erased["name"] == "" and erased["tags"] == []


def test_addresses_of_a_customer_are_made_read_changed_and_removed(api):
    path = f"/api/v1/customers/{api.post('/api/v1/customers', {'email': 'ines@example.com'}).json['id']}/addresses"
    made = api.post(path, HOME)
    assert (made.status_code, made.json["is_default"]) == (201, True), made.text
    second = api.post(path, HOME | {"city": "Cork", "is_default": True}).json
    assert [one["city"] for one in api.get(path).json["data"]] == ["Cork", "Galway"]
    assert api.post(path, HOME | {"country": "Ireland"}).json["problems"][0]["pointer"] == "/country"

    own = f"{path}/{made.json['id']}"
    seen = api.get(own).headers["ETag"]
    assert api.put(own, HOME | {"city": "Sligo"}).status_code == 428
    assert api.put(own, HOME | {"city": "Sligo"}, seen=seen).json["city"] == "Sligo"
    assert api.put(own, HOME, seen=seen).status_code == 412
    assert api.delete(f"{path}/{second['id']}").json["city"] == "Cork"
    assert api.get(own).json["is_default"] is True
    assert api.delete(own).status_code == 200
    assert api.get(own).status_code == api.delete(own).status_code == 404


def test_orders_of_a_customer_are_listed_and_keep_them_from_being_erased(api, make_order):
    customer = to_public("cus", make_order("paid").customer_id)
    path = f"/api/v1/customers/{customer}"

    assert len(api.get(f"{path}/orders").json["data"]) == 1
    assert len(api.get(f"/api/v1/orders?customer_id={customer}").json["data"]) == 1
    assert api.get(f"/api/v1/customers/{to_public('cus', new_id())}/orders").status_code == 404
    assert api.post(f"{path}/erase", {"email": "ines@example.com"}).json["code"] == "orders_under_way"
