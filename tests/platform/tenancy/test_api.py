"""The shop's addresses and its plan over the API."""

from __future__ import annotations

from app.core import db
from app.platform.tenancy.models import Domain


def test_the_addresses_and_the_plan_are_read_by_programs(app, shop, other_shop, program):
    api = program("settings.read")
    with app.app_context():
        for place, host in ((shop, "vases.example"), (other_shop, "elsewhere.example")):
            with place.entered():
                db.catalogue.add(Domain(host=host, tenant_id=place.id))
                db.checkpoint()
    told = api.get("/api/v1/domains").json["data"]
    assert told[0]["is_own"] and told[0]["is_primary"]
    assert [(one["host"], one["verified_at"]) for one in told[1:]] == [("vases.example", None)]
    assert {one["name"] for one in api.get("/api/v1/plan").json["uses"]} >= {"products", "staff"}
    assert program("orders.read").get("/api/v1/domains").status_code == 403
