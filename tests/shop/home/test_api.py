"""Figures, settings, opening and what is left to set up, for programs."""

from __future__ import annotations


def test_figures_say_what_the_home_page_says(api, program, make_order):
    make_order("paid")
    make_order("cancelled")

    for days in ("1", "7", "30"):
        told = api.get(f"/api/v1/figures?days={days}").json
        assert (told["now"]["net_sales"], told["now"]["orders"], told["before"]["orders"]) == (5300, 1, 0), told
        assert len(told["days"]) == int(days)
        assert [(one["quantity"], one["product_title"]) for one in told["best"]] == [(2, "Stoneware mug")]
        assert told["to_do"]["to_fulfil"] == 1
    assert api.get("/api/v1/figures?days=2").status_code == 422
    assert program("orders.read").get("/api/v1/figures").status_code == 403


def test_settings_are_read_and_written_over_what_was_read(api, program, make_order):
    read = api.get("/api/v1/settings")
    wanted = {"name": "Kiln & Co", "timezone": "Europe/Dublin", "weight_unit": "kg", "city": "Galway",
              "prices_include_tax": False, "languages": ["de"]}  # fmt: skip

    assert api.put("/api/v1/settings", wanted).status_code == 428
    written = api.put("/api/v1/settings", wanted, seen=read.headers["ETag"])
    assert {name: written.json[name] for name in wanted} == wanted, written.text
    assert written.json["currency"] == read.json["currency"]
    assert api.put("/api/v1/settings", wanted, seen=read.headers["ETag"]).status_code == 412
    now = api.get("/api/v1/settings").headers["ETag"]
    bad = api.put("/api/v1/settings", wanted | {"timezone": "Mars"}, seen=now)
    assert bad.json["problems"][0]["pointer"] == "/timezone"
    make_order("paid")
    dear = api.put("/api/v1/settings", wanted | {"currency": "USD"}, seen=api.get("/api/v1/settings").headers["ETag"])
    assert dear.status_code == 409
    assert program("settings.read").put("/api/v1/settings", wanted, seen="*").status_code == 403


def test_a_shop_is_closed_opened_and_set_up(api, program):
    assert api.post("/api/v1/settings/opening", {"is_open": False}).json["is_open"] is False
    assert api.post("/api/v1/settings/opening", {"is_open": True}).json["is_open"] is True
    assert program("settings.write").post("/api/v1/settings/opening", {"is_open": False}).status_code == 403

    open_tasks = [one["name"] for one in api.get("/api/v1/tasks").json["data"] if not one["is_done"]]
    done = api.post("/api/v1/tasks/skip", {"name": open_tasks[0]}).json["data"]
    assert next(one for one in done if one["name"] == open_tasks[0])["is_done"] is True
    assert api.post("/api/v1/tasks/skip", {"name": "nothing"}).status_code == 422
    assert api.delete("/api/v1/samples").json == {"removed": 0}
