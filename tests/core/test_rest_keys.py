"""Writes under a key: while the first is being answered, and in another process."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from app import settings
from app.core import clock
from app.shop.catalog import service
from tests.factories.developers import Program
from tests.factories.tenancy import picture

MUG = {"title": "Mug", "variants": [{"price": 1250}]}
EDGE = "edge"
KIND = f"multipart/form-data; boundary={EDGE}"


def upload(colour):
    """A form with a picture of one colour."""
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    return head + picture(colour.decode()) + b"\r\n--edge--\r\n"


def everything(api):
    """What the shop has of products and stock."""
    return [api.get(f"/api/v1{path}").json for path in ("/products", "/stock")]


def test_a_key_whose_first_request_is_being_answered_is_409_and_another_key_goes_on(api, monkeypatch, shop):
    began, may_end = threading.Event(), threading.Event()
    create = service.create_product

    def slowly(form, *, by):
        if form.title == "Mug":
            began.set()
            assert may_end.wait(20)
        return create(form, by=by)

    monkeypatch.setattr(service, "create_product", slowly)
    answers = []
    alone = Program(shop.browser(), api.key)
    first = threading.Thread(target=lambda: answers.append(alone.post("/api/v1/products", MUG, key="k")))

    first.start()
    assert began.wait(20)
    during = api.post("/api/v1/products", MUG, key="k")
    other = api.post("/api/v1/products", MUG | {"title": "Jug"}, key="another")
    may_end.set()
    first.join(20)
    after = api.post("/api/v1/products", MUG, key="k")

    assert (during.status_code, during.json["code"]) == (409, "idempotency_key_in_use")
    assert other.status_code == 201
    assert [one.status_code for one in answers] == [201]
    assert (after.status_code, after.headers["Idempotency-Replayed"]) == (201, "true")
    assert after.json == answers[0].json
    assert len(api.get("/api/v1/products").json["data"]) == 2, "nothing was made twice"


MAKE = {"method": "create", "body": MUG}
KINDS = {
    "create": ("POST", "/products", MUG, MUG | {"title": "Jug"}),
    "update": ("PUT", "/products/{product}", MUG | {"title": "Cup"}, MUG),
    "action": ("POST", "/products/{product}/status", {"status": "archived"}, {"status": "draft"}),
    "movement": ("POST", "/variants/{variant}/stock/moves", {"by": 5}, {"by": 6}),
    "bulk": ("POST", "/products/bulk", {"operations": [MAKE]}, {"operations": [MAKE, MAKE]}),
    "file": ("POST", "/products/{product}/images", b"red", b"blue"),
    "delete": ("DELETE", "/products/{product}", None, None),
}
"""Kind of write -> method, path, what is sent, and what else is sent under the same key."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_of_each_kind_is_done_once_and_answered_alike(api, kind):
    made = api.post("/api/v1/products", MUG)
    ids = {"product": made.json["id"], "variant": made.json["variants"][0]["id"]}
    method, path, body, other = KINDS[kind]

    def send(content, key="k"):
        headers = {"Authorization": f"Bearer {api.key}", "Idempotency-Key": key}
        headers |= {"If-Match": made.headers["ETag"]} if kind == "update" else {}
        sent = {"data": upload(content), "content_type": KIND} if isinstance(content, bytes) else {"json": content}
        return api.browser.open(f"/api/v1{path.format(**ids)}", method=method, headers=headers, **sent)

    first, left = send(body), everything(api)
    again, different = send(body), send(other) if other is not None else None

    assert 200 <= first.status_code < 300, first.text
    assert (again.status_code, again.data, again.headers["Idempotency-Replayed"]) == (
        first.status_code,
        first.data,
        "true",
    )
    assert "Idempotency-Replayed" not in first.headers
    assert different is None or (different.status_code, different.json["code"]) == (422, "idempotency_key_reused")
    assert everything(api) == left, "nothing was done twice"


_OTHER_PROCESS = """
import sys
from app.factory import create_app
client = create_app().test_client()
answer = client.post("/api/v1/products", json={"title": "Mug", "variants": [{"price": 1250}]}, base_url=sys.argv[1],
                     headers={"Authorization": "Bearer " + sys.argv[2], "Idempotency-Key": "k"})
print(answer.status_code, answer.headers.get("Idempotency-Replayed"), answer.json["id"])
"""


def test_another_process_gives_the_same_answer_again(api, shop):
    first = api.post("/api/v1/products", MUG, key="k")

    environment = os.environ | settings.current().to_environment()
    command = [sys.executable, "-c", _OTHER_PROCESS, shop.url(""), api.key]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout

    assert told.split() == ["201", "true", first.json["id"]]


def test_money_is_sent_back_once_however_often_a_program_asks(api):
    """An order that came with its money is written and refunded by a program alone."""
    vase = api.post("/api/v1/products", MUG | {"variants": [{"price": 1250, "on_hand": 9}], "status": "active"}).json
    home = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}
    lines = [{"variant_id": vase["variants"][0]["id"], "quantity": 2}]
    bought = {"lines": lines, "email": "ines@example.com", "shipping_address": home, "payment": "paid"}
    order, same = (api.post("/api/v1/orders", bought, key="order-1").json for _ in range(2))
    path = f"/api/v1/orders/{order['id']}"

    first, again = (api.post(f"{path}/refunds", {"amount": 100, "key": "scratch-one"}, key="r1") for _ in range(2))
    second = api.post(f"{path}/refunds", {"amount": 100, "key": "scratch-two"}, key="r2")

    assert same["id"] == order["id"]
    assert [one.status_code for one in (first, again, second)] == [202, 202, 202], first.text
    assert again.headers["Idempotency-Replayed"] == "true"
    payments = api.get(f"{path}?expand=payments").json["payments"]
    assert sum(refund["amount"] for payment in payments for refund in payment["refunds"]) == 200


def test_a_large_write_is_kept_once_and_said_to_be_in_the_same_place(api, run_jobs):
    first, again = (
        api.post("/api/v1/products/bulk", {"operations": [MAKE]}, key="k", prefer="respond-async") for _ in range(2)
    )
    run_jobs()

    assert (first.status_code, again.status_code, again.data) == (202, 202, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == again.headers["Location"]
    assert api.get(again.headers["Location"].partition("//")[2].partition("/")[2]).json["done"] == 1
    assert [one["title"] for one in api.get("/api/v1/products").json["data"]] == ["Mug"]


def test_a_key_is_known_for_24_hours_and_only_in_its_own_shop(api, make_key, other_shop):
    elsewhere = Program(other_shop.browser(), make_key(at=other_shop))
    began = clock.now()

    with clock.frozen(began):
        first = api.post("/api/v1/products", MUG, key="k")
        foreign = elsewhere.post("/api/v1/products", MUG | {"title": "Jug"}, key="k")
    with clock.frozen(began + timedelta(hours=23, minutes=59)):
        within = api.post("/api/v1/products", MUG, key="k")
    with clock.frozen(began + timedelta(hours=24, seconds=1)):
        after = api.post("/api/v1/products", MUG | {"title": "Cup"}, key="k")

    assert (foreign.status_code, foreign.json["title"]) == (201, "Jug")
    assert (within.data, within.headers["Idempotency-Replayed"]) == (first.data, "true")
    assert (after.status_code, after.json["title"]) == (201, "Cup")
    assert "Idempotency-Replayed" not in after.headers


def test_a_mistake_of_ours_is_not_kept(api, monkeypatch):
    """What broke left nothing: the same request under the same key is done when it can be."""
    create = service.create_product

    def breaks(form, *, by):
        create(form, by=by)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(service, "create_product", breaks)
        broken.setitem(api.browser.application.config, "PROPAGATE_EXCEPTIONS", False)
        failed = api.post("/api/v1/products", MUG, key="k")
    again = api.post("/api/v1/products", MUG, key="k")

    assert (failed.status_code, again.status_code) == (500, 201)
    assert "Idempotency-Replayed" not in again.headers
    assert len(api.get("/api/v1/products").json["data"]) == 1
