"""Which tables the audit trail follows: all of them, but for those named here with their reason."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.db import TenantRow
from app.roles import rooms
from tests.conftest import ROOT

NOT_FOLLOWED = {
    "a log or a history of its own": {
        "api_request", "audit_anchor", "audit_entry", "audit_lane", "audit_seal", "event", "gateway_event", "ledger_entry", "order_entry",
        "outgoing_message", "plugin_error", "support_request", "undo_step", "webhook_attempt", "webhook_delivery",
    },
    "counted or written anew from other rows": {
        "catalogue_count", "counter", "facet_bits", "order_money", "page_version", "product_day", "product_facet",
        "product_together", "sales_day", "search_key", "search_posting",
    },
    "a state that passes": {
        "api_answer", "api_batch", "api_batch_row", "cart", "cart_line", "customer_entry_link", "import_row",
        "oauth_code", "oauth_refresh", "oauth_revoked", "order_bulk", "order_bulk_row", "product_import",
        "testpay_session", "web_session",
    },
    "a person's own view": {"saved_view"},
    "a secret and nothing else": {"data_key"},
}  # fmt: skip
"""What follows these is the entry of the service, where there is one."""
WRITES = re.compile(r'"\s*(?:insert into|update|delete from) (?:public\.)?"?(\w+)', re.IGNORECASE)


def models() -> dict[str, type[TenantRow]]:
    """Every tenant table's model."""
    rooms()
    found, waiting = {}, [TenantRow]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if hasattr(one, "__tablename__"):
            found[one.__tablename__] = one
    return {name: one for name, one in found.items() if one.__module__.startswith("app.")}


def test_each_table_that_is_not_followed_has_its_reason():
    not_followed = {name for name, model in models().items() if not model.is_audited}

    assert not_followed == set().union(*NOT_FOLLOWED.values())


def test_no_followed_table_is_written_by_bare_sql_that_the_session_does_not_see():
    followed = {name for name, model in models().items() if model.is_audited}
    written = {
        (str(path.relative_to(ROOT)), table)
        for path in Path(ROOT / "app").rglob("*.py")
        if "bench" not in path.parts
        for table in WRITES.findall(path.read_text())
        if table in followed
    }

    # how an endpoint fares, which its log of deliveries tells
    assert written == {("app/platform/webhooks/pump.py", "webhook_endpoint")}
