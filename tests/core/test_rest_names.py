"""A name that stands twice in an object is refused where it stands, and nothing is done."""

import json

import pytest

from app.core import rest_names
from app.core.rest import PREFIX

BODY = '{"title": "Mug", "variants": [{"price": 100}, {"price": 200, "options": []%s}]%s}'


@pytest.mark.parametrize(
    ("inside", "outside", "pointer"),
    [
        (', "price": 1', "", "/variants/1/price"),
        ("", ', "title": "Cup"', "/title"),
        ("", ', "\\u0074itle": "Cup"', "/title"),
        ("", ', "variants": [{"price": 1, "price": 2}]', "/variants"),
    ],
)
def test_a_name_that_stands_twice_is_refused(api, inside, outside, pointer):
    sent = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}

    refused = api.browser.post(f"{PREFIX}/products", data=BODY % (inside, outside), headers=sent)

    assert (refused.status_code, refused.json["problems"][0]["pointer"]) == (422, pointer)
    assert api.get(f"{PREFIX}/products").json["data"] == []


def test_control_without_the_look_the_last_value_is_taken(api, monkeypatch):
    monkeypatch.setattr(rest_names, "twice", lambda body: "")
    sent = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    body = '{"title": "Mug", "title": "Cup", "variants": [{"price": 100}]}'

    assert api.browser.post(f"{PREFIX}/products", data=body, headers=sent).json["title"] == "Cup"


@pytest.mark.parametrize("told", [{}, [], [1, [2, {"a": {"a": [{"a": None}]}}]], {"a": 1, "A": 2, "": 3}, 1.5, "x"])
def test_what_stands_once_is_let_through(told):
    assert rest_names.twice(json.dumps(told).encode()) == ""
