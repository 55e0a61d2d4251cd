"""Which tables the audit trail follows: all of them, but for those named here with their reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.core.db import CatalogueModel, TenantRow
from app.platform.audit import words
from app.roles import rooms
from tests.conftest import ROOT

NOT_FOLLOWED = {
    "a log or a history of its own": {
        "api_request", "audit_anchor", "audit_entry", "audit_lane", "audit_seal", "event", "gateway_event",
        "ledger_entry", "order_entry", "outgoing_message", "plugin_error", "support_request", "undo_step",
        "webhook_attempt", "webhook_delivery",
    },
    "counted or written anew from other rows": {
        "catalogue_count", "counter", "facet_bits", "order_money", "page_version", "plugin_cost", "product_day",
        "product_facet", "product_together", "sales_day", "search_key", "search_posting",
    },
    "a state that passes": {
        "api_answer", "api_batch", "api_batch_row", "cart", "cart_line", "customer_entry_link", "import_row",
        "oauth_code", "oauth_refresh", "oauth_revoked", "order_bulk", "order_bulk_row", "product_import",
        "testpay_session", "web_session",
    },
    "a person's own view": {"saved_view"},
    "a secret and nothing else": {"data_key"},
}  # fmt: skip
NOT_FOLLOWED_ON_THE_PLATFORM = {
    "a log or a history of its own": {"platform_entry", "platform_head", "tenant_history"},
    "counted from other rows": {"tenant_usage", "table_size"},
    "a state that passes": {"api_bucket", "platform_session", "rate_window", "wizard_draft", "wizard_file"},
    "told in the trails of the shops where a person works": {"account", "account_shop"},
}
"""What follows these is the entry of the service, where there is one."""
WRITES = re.compile(r'(?:"|^)\s*(?:insert into|update|delete from) (?:public\.)?"?(\w+)', re.IGNORECASE | re.MULTILINE)


def models(root: type[TenantRow | CatalogueModel] = TenantRow) -> dict[str, type[TenantRow | CatalogueModel]]:
    """Every tenant table's model, or every one of the registry."""
    rooms()
    found, waiting = {}, [root]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if hasattr(one, "__tablename__"):
            found[one.__tablename__] = one
    return {name: one for name, one in found.items() if one.__module__.startswith("app.")}


def test_each_table_that_is_not_followed_has_its_reason():
    not_followed = {name for name, model in models().items() if not model.is_audited}

    assert not_followed == set().union(*NOT_FOLLOWED.values())


def test_each_table_of_the_registry_that_is_not_followed_has_its_reason():
    not_followed = {name for name, model in models(CatalogueModel).items() if not model.is_audited}

    assert not_followed == set().union(*NOT_FOLLOWED_ON_THE_PLATFORM.values())


def test_no_followed_table_is_written_by_bare_sql_that_the_session_does_not_see():
    both = models() | models(CatalogueModel)
    followed = {name for name, model in both.items() if model.is_audited}
    written = {
        (str(path.relative_to(ROOT)), table)
        for path in Path(ROOT / "app").rglob("*.py")
        if "bench" not in path.parts
        for table in WRITES.findall(path.read_text())
        if table in followed
    }

    # how an endpoint fares, which its log of deliveries tells
    assert written == {("app/platform/webhooks/pump.py", "webhook_endpoint")}


_MAKERS = ("audit.record(", "audit_platform.record(", "AuditEntry(", "PlatformEntry(")
SAID_BY_CALLERS = {
    "app/shop/customers/service/book.py": [
        "customer.address_added", "customer.address_changed", "customer.address_removed",
    ],
}  # fmt: skip
"""Where the action is an argument of a function: what that is called with."""


@cache
def recorded() -> list[tuple[str, ast.expr]]:
    """Each place where an entry is made, and its action as it is written there."""
    return list(_recorded())


def _recorded() -> Iterator[tuple[str, ast.expr]]:
    for path in sorted(Path(ROOT / "app").rglob("*.py")):
        source = path.read_text()
        for node in ast.walk(ast.parse(source)) if any(one in source for one in _MAKERS) else ():
            if not isinstance(node, ast.Call):
                continue
            name, place = ast.unparse(node.func), str(path.relative_to(ROOT))
            if name in {"audit.record", "audit_platform.record"}:
                yield place, node.args[1]
            elif name in {"AuditEntry", "PlatformEntry"} and not any(one.arg is None for one in node.keywords):
                yield place, next(one.value for one in node.keywords if one.arg == "action")


def unsaid(place: str, action: ast.expr) -> list[str]:
    """The codes of one place that no room has a sentence for."""
    if isinstance(action, ast.IfExp):
        return unsaid(place, action.body) + unsaid(place, action.orelse)
    if isinstance(action, ast.Constant):
        return [] if words.is_known(action.value) else [action.value]
    if isinstance(action, ast.JoinedStr):
        parts = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\w+" for one in action.values)
        wanted = re.compile("".join(parts))
        known = [code for code in words.codes() if wanted.fullmatch(code)]
        return [] if known or ast.unparse(action).endswith(".changed'") else [ast.unparse(action)]
    named = SAID_BY_CALLERS.get(place, [ast.unparse(action)])
    return [code for code in named if not words.is_known(code)]


def test_every_action_that_the_code_records_has_its_sentence(app):
    places = recorded()

    assert len(places) > 120
    assert [(place, code) for place, action in places for code in unsaid(place, action)] == []


def test_every_table_that_is_followed_has_a_name_that_people_know(app):
    followed = {name for name, model in models().items() if model.is_audited}

    assert followed - set(dict(words.things())) == set()


def test_every_table_of_the_registry_that_is_followed_has_a_name_that_operators_know(app):
    followed = {name for name, model in models(CatalogueModel).items() if model.is_audited}

    assert followed == {"console_rule", "domain", "plan", "plugin_stop", "tenant"} | {
        name for name in followed if name.startswith("operator")
    }
    assert followed - set(dict(words.things(of_platform=True))) == set()


def test_without_its_sentence_an_action_would_be_noticed(app, monkeypatch):
    monkeypatch.setattr(words, "_sentences", {})

    assert len([code for place, action in recorded() for code in unsaid(place, action)]) > 100


def test_each_sentence_says_who_and_nothing_that_is_not_there(app):
    told = [one for card in rooms() for one in card.trail.sentences.values()]

    assert [one for one in told if "%(who)s" not in one] == []
    assert [one for one in told if "%" in one.replace("%(who)s", "").replace("%(what)s", "")] == []
