"""Whoever keeps a copy of a shop asks each list for what is new and for what changed since, and reads it in order."""

from __future__ import annotations

import re
import typing
from typing import Any

import pytest
from sqlalchemy import event, text

from app.core import clock, db
from app.core.ids import to_public
from app.core.rest import PREFIX, Dated, Page, Synced
from app.platform.developers import noting
from tests.shop.test_api_lists import HOME, fill

EPOCH, NEVER = "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
SHORT = {
    "/api-origins", "/domains", "/staff/permissions", "/staff/roles", "/staff/<staff_id>/sessions", "/webhooks",
    "/taxes", "/shipping/zones",
}  # fmt: skip
"""Lists as long as a shop has countries, roles or sites: they are read whole."""
INSIDE = {
    "/visits/<visit_id>/requests": "belongs to one visit, which is an hour",
    "/products/imports/<import_id>/rows": "belongs to one file, in the order of its lines",
    "/subscribers": "by when each confirmed",
    "/stock": "by variant; asks for what changed alone, which no index may slow every sale for",
}  # fmt: skip


def lists(app: Any) -> dict[str, tuple[Any, Any]]:
    """Path below the prefix -> schema of the query and of a row, for every list of the API."""
    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        schema = getattr(view, "__returns__", (None,))[0]
        if getattr(schema, "__origin__", None) is Page and "GET" in (rule.methods or set()):
            path = rule.rule.removeprefix(PREFIX).replace("<public:", "<")
            found[path] = (view.__accepts__, schema.__args__[0])
    return found


def rows(api: Any, path: str, **asked: Any) -> list[Any]:
    """A piece of a list, without what an answer says of itself."""
    answer = api.get(PREFIX + path, query_string=asked)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json["data"]


def walked(api: Any, path: str, sort: str, **narrowed: str) -> list[str]:
    """The ids of a whole list, asked for one by one."""
    found, cursor = [], ""
    while True:
        asked = {"limit": 1, "sort": sort} | narrowed | ({"cursor": cursor} if cursor else {})
        answer = api.get(PREFIX + path, query_string=asked).json
        found += [one["id"] for one in answer["data"]]
        cursor = answer["next_cursor"]
        if not cursor:
            return found


def test_every_list_that_grows_asks_by_moments_or_says_why_not(app):
    told, wrong = lists(app), []

    for path, (query, row) in told.items():
        if path in SHORT or path in INSIDE or path.endswith("/results"):
            wrong += [path] if issubclass(query, Dated) else []
            continue
        wanted = Synced if "updated_at" in row.__struct_fields__ else Dated
        wrong += [] if issubclass(query, wanted) else [path]
        sorts = set(typing.get_args(typing.get_type_hints(query).get("sort")))
        moments = {"updated_at"} if wanted is Synced else set()
        moments |= {"placed_at"} if "placed_at" in row.__struct_fields__ else {"created_at"}
        wrong += [path] if not {*moments, *(f"-{one}" for one in moments)} <= sorts else []
    assert SHORT | set(INSIDE) <= set(told), (SHORT | set(INSIDE)) - set(told)
    assert not wrong, wrong


def test_moments_narrow_each_list_and_name_their_zone(app, api):
    fill(api, 0)
    seen = 0
    for path, (query, _) in lists(app).items():
        if not issubclass(query, Dated) or "<" in path:
            continue
        whole = rows(api, path)
        seen += bool(whole)
        assert rows(api, path, created_from=EPOCH, created_before=NEVER)[-len(whole) :] == whole, path
        assert rows(api, path, created_from=NEVER) == rows(api, path, created_before=EPOCH) == [], path
        if issubclass(query, Synced):
            assert rows(api, path, updated_since=EPOCH) == whole, path
            assert rows(api, path, updated_since=NEVER) == rows(api, path, updated_before=EPOCH) == [], path
            assert rows(api, path, updated_before=NEVER) == whole, path
        refused = api.get(f"{PREFIX}{path}?created_from=2026-01-01T00:00:00")
        assert refused.status_code == 422 and refused.json["problems"][0]["parameter"] == "created_from", path
    assert seen >= 7


def test_every_list_refuses_what_it_cannot_sort_by_and_cursors_that_are_not_its_own(app, api):
    for number in range(2):
        fill(api, number)
    noting.notebook.write(app)
    turned = 0
    for path, (query, _) in lists(app).items():
        if not issubclass(query, Dated) or "<" in path:
            continue
        for asked in ({"sort": "-colour"}, {"sort": "tenant_id"}, {"cursor": "nonsense"}):
            refused = api.get(PREFIX + path, query_string=asked)
            assert refused.status_code == 422, (path, asked)
            assert refused.json["problems"][0]["parameter"] == next(iter(asked)), (path, asked)
        created = "placed_at" if path == "/orders" else "created_at"
        cursor = api.get(PREFIX + path, query_string={"limit": 1, "sort": f"-{created}"}).json["next_cursor"]
        if cursor:
            assert api.get(PREFIX + path, query_string={"cursor": cursor, "sort": f"-{created}"}).status_code == 200
            other = api.get(PREFIX + path, query_string={"cursor": cursor, "sort": created})
            assert other.status_code == 422 and other.json["problems"][0]["parameter"] == "cursor", path
            turned += 1
    assert turned >= 8


def test_every_order_of_a_list_is_the_other_one_turned_round(app, api):
    for number in range(2):
        fill(api, number)
    noting.notebook.write(app)
    # The walk itself is noted in one of the lists, which grows meanwhile.
    until, sorted_lists = clock.now().isoformat(), 0
    for path, (query, _) in lists(app).items():
        sorts = typing.get_args(typing.get_type_hints(query).get("sort"))
        for sort in sorts if "<" not in path else ():
            if sort[0] != "-":
                narrowed = {"created_before": until} if issubclass(query, Dated) else {}
                up, down = (walked(api, path, way, **narrowed) for way in (sort, f"-{sort}"))
                assert up == down[::-1] and len(set(up)) == len(up), (path, sort)
                sorted_lists += 1
    assert sorted_lists >= 9


CHANGES = {
    "the price of a variant": ("/products", "put", "/variants/{variant}", {"price": 4200}),
    "the words of an order": ("/orders", "put", "/orders/{order}/tags", {"tags": ["gift"]}),
    "a parcel": ("/orders", "post", "/orders/{order}/fulfilments", {}),
    "money that goes back": ("/payments", "post", "/orders/{order}/refunds", {"amount": 1, "key": "back-again"}),
    "a customer's words": ("/customers", "put", "/customers/{customer}/tags", {"tags": ["vip"]}),
    "a customer's address": ("/customers", "post", "/customers/{customer}/addresses", HOME),
}  # fmt: skip
"""What is changed -> the list that shows it, and the request that changes it."""


def things(api: Any) -> dict[str, str]:
    """Ids of one of each kind, with a paid order."""
    fill(api, 0)
    product, customer = rows(api, "/products")[0], rows(api, "/customers")[0]
    variant = product["variants"][0]["id"]
    lines = [{"variant_id": variant, "quantity": 3}]
    order = api.post(
        f"{PREFIX}/orders", {"lines": lines, "shipping_address": HOME, "email": "d@example.com", "payment": "paid"}
    )
    assert order.status_code == 201, order.text
    return {"product": product["id"], "variant": variant, "customer": customer["id"], "order": order.json["id"]}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_found_by_whoever_asks_what_changed(api, what):
    path, method, address, body = CHANGES[what]
    ids = things(api)
    since = clock.now().isoformat()
    assert rows(api, path, updated_since=since) == []

    if method == "put":
        found = api.get(f"{PREFIX}{address.removesuffix('/tags').format(**ids)}")
        answer = api.put(PREFIX + address.format(**ids), body, seen=found.headers["ETag"])
    else:
        answer = api.post(PREFIX + address.format(**ids), body)
    assert answer.status_code < 300, answer.text

    assert len(rows(api, path, updated_since=since)) == 1


def test_each_of_two_parcels_is_a_change(api):
    ids = things(api)
    line = api.get(f"{PREFIX}/orders/{ids['order']}").json["lines"][0]["id"]
    address = f"{PREFIX}/orders/{ids['order']}/fulfilments"

    for _ in range(2):
        since = clock.now().isoformat()
        assert api.post(address, {"items": [{"line_id": line, "quantity": 1}]}).status_code == 201
        [order] = rows(api, "/orders", updated_since=since)
        assert order["fulfilment_status"] == "partly_fulfilled"


def test_lists_inside_something_are_walked_in_both_directions_too(api):
    ids = things(api)
    lines = [{"variant_id": ids["variant"], "quantity": 1}]
    for _ in range(2):
        body = {"lines": lines, "shipping_address": HOME, "customer_id": ids["customer"], "payment": "paid"}
        assert api.post(f"{PREFIX}/orders", body).status_code == 201
    hook = api.post(f"{PREFIX}/webhooks", {"url": "https://erp.example.com/news", "facts": ["orders.order_placed"]})
    assert hook.status_code == 201, hook.text
    # Paused, so that nothing is due: a sender that another test lets run takes what is due in every shop.
    assert api.post(f"{PREFIX}/webhooks/{hook.json['id']}/pause").status_code == 200
    for _ in range(3):
        assert api.post(f"{PREFIX}/webhooks/{hook.json['id']}/test").status_code == 202
    inside = {f"/customers/{ids['customer']}/orders": ("placed_at", "updated_at", "total")}
    inside[f"/webhooks/{hook.json['id']}/deliveries"] = ("created_at",)

    for path, words in inside.items():
        for word in words:
            up, down = walked(api, path, word), walked(api, path, f"-{word}")
            assert up == down[::-1] and len(set(up)) == len(up) == 3, (path, word)
        assert rows(api, path, created_from=NEVER) == rows(api, path, created_before=EPOCH) == [], path
        assert api.get(f"{PREFIX}{path}?cursor=nonsense").status_code == 422, path


def test_colleagues_invitations_keys_and_apps_are_walked_in_both_directions(api):
    for number in range(2):
        invited = {"email": f"ann{number}@example.com", "role": "support"}
        assert api.post(f"{PREFIX}/staff/invitations", invited).status_code == 201
        app_ = {
            "name": f"Till {number}",
            "kind": "public",
            "redirect_uris": ["https://till.example.com/back"],
            "scopes": ["orders.read"],
        }
        assert api.post(f"{PREFIX}/apps", app_).status_code == 201
        key = {"name": f"Sync {number}", "scopes": ["orders.read"]}
        assert api.post(f"{PREFIX}/api-keys", key).status_code == 201

    for path, least in {"/staff": 1, "/staff/invitations": 2, "/apps": 2, "/api-keys": 3}.items():
        up, down = walked(api, path, "created_at"), walked(api, path, "-created_at")
        assert up == down[::-1] and len(set(up)) == len(up) >= least, path
        first = rows(api, path, sort="created_at")[0]["created_at"]
        assert [one["id"] for one in rows(api, path, created_from=first, sort="created_at")] == up, path
        assert rows(api, path, created_before=first) == [], path


def test_what_stands_beside_a_picture_and_that_it_went_are_changes(api, make_product):
    product = f"{PREFIX}/products/{to_public('prod', make_product(image=True).id)}"
    image = f"{product}/images/{api.get(product).json['images'][0]['id']}"

    since = clock.now().isoformat()
    assert api.put(image, {"alt": "A grey mug"}, seen=api.get(image).headers["ETag"]).status_code == 200
    [changed] = rows(api, "/products", updated_since=since)
    assert changed["images"][0]["alt"] == "A grey mug"

    since = clock.now().isoformat()
    assert api.delete(image).status_code == 200
    [changed] = rows(api, "/products", updated_since=since)
    assert changed["images"] == []


def test_a_collection_changes_with_what_stands_in_it(api):
    fill(api, 0)
    product, shelf = rows(api, "/products")[0]["id"], rows(api, "/collections")[0]["id"]
    members = f"{PREFIX}/collections/{shelf}/products"

    since = clock.now().isoformat()
    assert api.delete(f"{members}/{product}").status_code == 200
    [changed] = rows(api, "/collections", updated_since=since)
    assert changed["products_count"] == 0


def test_pieces_that_come_in_are_a_change_of_the_stock_and_not_of_the_product(api):
    ids = things(api)
    since = clock.now().isoformat()

    assert api.post(f"{PREFIX}/variants/{ids['variant']}/stock/moves", {"by": 3}).status_code == 201

    assert [one["variant_id"] for one in rows(api, "/stock", updated_since=since)] == [ids["variant"]]
    assert rows(api, "/stock", updated_since=since, updated_before=since) == []
    assert rows(api, "/products", updated_since=since) == []


INDEXES = [
    ("/orders", "updated_at", "ix_order_updated"), ("/orders", "placed_at", "ix_order_recent"),
    ("/products", "updated_at", "ix_product_updated"), ("/products", "created_at", "ix_product_created"),
    ("/customers", "updated_at", "ix_customer_updated"), ("/customers", "created_at", "ix_customer_recent"),
    ("/payments", "updated_at", "ix_payment_updated"), ("/payments", "created_at", "ix_payment_recent"),
    ("/audit", "created_at", "ix_audit_entry_recent"), ("/api-requests", "created_at", "ix_api_request_recent"),
]  # fmt: skip
"""List, what it is narrowed and sorted by, and the index that answers both."""


def plan_of(app: Any, shop: Any, api: Any, path: str, asked: dict[str, Any]) -> str:
    """How PostgreSQL reads a piece of a list: the statement that the route itself sends, under row security."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if re.search(r"at >= .* LIMIT", statement, re.DOTALL):
            sent.append((statement, values))

    with app.app_context():
        engine = db.db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert api.get(PREFIX + path, query_string=asked).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    [(statement, values)] = sent
    with app.app_context(), shop.entered():
        # Few rows are quicker to read whole and to sort: what is asked is whether an index can do it.
        db.session.execute(text("set local enable_seqscan = off; set local enable_sort = off"))
        db.session.execute(text("set local enable_bitmapscan = off"))
        found = db.session.connection().exec_driver_sql(f"explain {statement}", values)
        return "\n".join(line for (line,) in found)


def is_read_from(index: str, plan: str, bound: str) -> bool:
    """In the index's order, between bounds that hold these words, and not sorted afterwards."""
    scan = re.search(rf"Index (Only )?Scan (Backward )?using {index} .*?Index Cond: \(([^\n]*)", plan, re.DOTALL)
    return scan is not None and bound in scan[3] and "Sort Key" not in plan


def test_lists_by_moments_are_read_from_an_index_on_every_page_and_in_both_directions(app, shop, api):
    for number in range(2):
        fill(api, number)
    noting.notebook.write(app)
    for path, word, index in INDEXES:
        kind = "updated_since" if word == "updated_at" else "created_from"
        column = "at" if path in {"/audit", "/api-requests"} else word
        for sort in (word, f"-{word}"):
            asked = {kind: EPOCH, "sort": sort, "limit": 1}
            cursor = api.get(PREFIX + path, query_string=asked).json["next_cursor"]
            for page, bound in ((asked, f"{column} >= "), (asked | {"cursor": cursor}, f"ROW({column}, id)")):
                plan = plan_of(app, shop, api, path, page)
                assert is_read_from(index, plan, bound), (path, page, plan)


def test_control_a_list_without_such_an_index_is_sorted(app, shop, api):
    plan = plan_of(app, shop, api, "/collections", {"updated_since": EPOCH, "sort": "updated_at"})

    assert not is_read_from("ix_collection_updated", plan, "updated_at")
    assert "Sort Key" in plan
