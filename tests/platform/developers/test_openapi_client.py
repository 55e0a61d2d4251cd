"""A client that openapi-python-client makes of our document lists products and creates an order."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.foreign import ROOT
from tests.platform.developers.test_openapi_fuzzed import served

__all__ = ["served"]
NAME = "generated_shop_client"


@pytest.fixture
def generated(client, tmp_path, monkeypatch):
    """The package that it writes, importable while the test runs; only what is needed, so that it takes seconds."""
    document = client.get("/api/v1/openapi.json").json
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(document))
    (tmp_path / "config.yaml").write_text(f"package_name_override: {NAME}\npost_hooks: []\n")
    scripts = sysconfig.get_path("scripts")
    made = subprocess.run(
        [str(Path(scripts) / "openapi-python-client"), "generate", "--path", str(described), "--meta", "none",
         "--output-path", str(tmp_path / NAME), "--config", str(tmp_path / "config.yaml"), "--fail-on-warning"],
        env=os.environ | {"PATH": f"{scripts}:{os.environ['PATH']}"}, capture_output=True, text=True, timeout=120,
        check=False, cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda module: importlib.import_module(f"{NAME}.{module}")
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def test_a_generated_client_lists_products_and_creates_an_order(generated, served, make_key, make_product):
    make_product(title="Stoneware mug", sku="MUG-1")
    shop = generated("client").AuthenticatedClient(base_url=served, token=make_key(), raise_on_unexpected_status=True)
    models = generated("models")

    listed = generated("api.products.list_products").sync(client=shop, limit=5)
    assert [one.title for one in listed.data] == ["Stoneware mug"]
    variant = listed.data[0].variants[0]
    address = models.AddressWritten(name="Ada Example", line1="1 Quay Street", city="Galway", country="IE")
    wanted = models.OrderWritten(
        lines=[models.LineWritten(variant_id=variant.id, quantity=2)], email="ada@example.com", shipping_address=address
    )
    create = generated("api.orders.create_order").sync
    order = create(client=shop, body=wanted, idempotency_key="first-try")
    again = create(client=shop, body=wanted, idempotency_key="first-try")
    refused = create(client=shop, body=models.OrderWritten.from_dict(wanted.to_dict() | {"lines": []}))

    assert [line.quantity for line in order.lines] == [2]
    assert again.id == order.id
    assert type(refused).__name__.endswith("Problem") and refused.status == 422
    assert not (ROOT / NAME).exists()
