"""A list of the shop's API costs at most four statements, and no more with more in it."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

from app.core.rest import PREFIX, Page
from tests.shop.catalog.test_speed import counted_statements

ROOMS = ("catalog", "customers", "home", "orders", "pages", "payments", "pricing", "shipping")
HOME = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}
ID = "01a207c1-b562-7639-973d-e9cd46c3aebf"
MADE_UP: list[list[Any]] = [
    ["\0"],
    [10**30, ID],
    [-(2**70), ID],
    ["2026-01-01T00:00:00Z", ID, "\0"],
    ["<", "is", "\0", ID],
    [">", "is", 10**30, ID],
    [">", "at", "9999-99-99", ID],
    [">", "is", {}, ID],
]
"""Contents of cursors: texts, numbers and kinds that no column has."""
NOT_COUNTED = re.compile(r"set local|savepoint|release|rollback|insert into catalogue.api_bucket", re.I)
"""What sets up a transaction, and the few requests of a program that are leased now and then."""
CSV = b"handle,title,price\ncup,Cup,12.00\n"


def fill(api: Any, number: int) -> None:
    """One more of everything that is listed, by the API itself."""

    def make(path: str, **body: Any) -> Any:
        made = api.post(f"{PREFIX}{path}", body)
        assert made.status_code == 201, made.text
        return made.json

    product = make("/products", title=f"Mug {number}", variants=[{"price": 100, "on_hand": 9}], status="active")
    shelf = make("/collections", title=f"Shelf {number}")
    make(f"/collections/{shelf['id']}/products", product_ids=[product["id"]])
    customer = make("/customers", email=f"c{number}@example.com", tags=["a", "b"])
    make(f"/customers/{customer['id']}/addresses", **HOME)
    lines = [{"variant_id": product["variants"][0]["id"], "quantity": 1}]
    order = make("/orders", lines=lines, customer_id=customer["id"], shipping_address=HOME, payment="paid", tags=["a"])
    assert (
        api.post(f"{PREFIX}/orders/{order['id']}/refunds", {"amount": 1, "key": f"refund-{number}"}).status_code == 202
    )
    assert api.post(f"{PREFIX}/orders/{order['id']}/fulfilments", {}).status_code == 201
    make("/pages", title=f"Page {number}")
    make("/taxes", country=("DE", "FR")[number])
    zone = make("/shipping/zones", name=f"Zone {number}", countries=[("DE", "FR")[number]])
    make(f"/shipping/zones/{zone['id']}/rates", name="Post", amount=1)
    sent = {"file": (io.BytesIO(CSV), "goods.csv")}
    headers = {"Authorization": f"Bearer {api.key}"}
    assert api.browser.post(f"{PREFIX}/products/imports", data=sent, headers=headers).status_code == 201


def lists(app: Any) -> list[str]:
    """Every list of the shop's rooms that needs no id in its address."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        schema = getattr(view, "__returns__", (None,))[0]
        is_list = getattr(schema, "__origin__", None) is Page and "GET" in (rule.methods or set())
        if is_list and not rule.arguments and rule.endpoint.rpartition("_api.")[0] in ROOMS:
            found.append(rule.rule)
    return sorted(found)


def test_every_list_takes_four_statements_at_most_however_much_is_in_it(app, api):
    paths = lists(app)
    assert len(paths) >= 11, paths
    fill(api, 0)

    def statements() -> dict[str, list[str]]:
        told = {}
        for path in paths:
            assert api.get(path).status_code == 200
            with counted_statements(app) as seen:
                assert api.get(path).status_code == 200
            told[path] = [one for one in seen if not NOT_COUNTED.match(one)]
        return told

    few = statements()
    fill(api, 1)
    many = statements()

    assert {path: len(many[path]) for path in paths} == {path: len(few[path]) for path in paths}
    assert {path: seen for path, seen in many.items() if len(seen) > 4} == {}


def test_every_list_refuses_a_query_that_does_not_fit(app, api):
    for query in ("cursor=nonsense", "limit=101", "colour=red", "cursor=WzEsMl0"):
        answers = {path: api.get(f"{path}?{query}") for path in lists(app)}

        assert {path for path, answer in answers.items() if answer.status_code != 422} == set(), query
        named = {answer.json["problems"][0]["parameter"] for answer in answers.values()}
        assert named <= {query.partition("=")[0], ""}


def test_no_cursor_that_somebody_made_up_breaks_a_list(app, api):
    for place in MADE_UP:
        cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
        answers = {path: api.get(f"{path}?cursor={cursor}").status_code for path in lists(app)}

        assert {path: status for path, status in answers.items() if status >= 500} == {}, place
