"""The conformance suite: what any plugin's own tests run in one line.

    test_conformance = conformance(plugin)

It needs no database and no network. Settings that a check needs are the schema's defaults, or those that are given.
"""

from __future__ import annotations

import ast
import inspect
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest

from app.core.text import safe_html
from app.platform.plugins import places
from app.platform.plugins.answers import checked
from app.platform.plugins.declaring import Plugin
from app.platform.plugins.service import secret_names
from app.platform.plugins.slots import SLOTS
from app.shop.payments import hooks as payments
from app.shop.payments.errors import CallbackRefused
from app.shop.shipping import hooks as shipping

Check = Callable[[], None]
_TOLD_NUMBERS = {"price", "total", "subtotal", "count", "days"}
_MARK = "a-secret-that-nobody-may-see"


def conformance(plugin: Plugin, settings: msgspec.Struct | None = None) -> Callable[[Check], None]:
    """A test for pytest with a case for each check of this plugin."""
    found = dict(_checks(plugin, settings))

    @pytest.mark.parametrize("check", list(found.values()), ids=list(found))
    def test(check: Check) -> None:
        check()

    return test


def _checks(plugin: Plugin, settings: msgspec.Struct | None) -> Iterator[tuple[str, Check]]:
    yield "declaration", lambda: _declaration(plugin)
    yield "imports", lambda: _imports(plugin)
    if plugin.settings is not None:
        yield "settings", lambda: _settings(plugin)
        yield "secrets", lambda: _secrets(plugin)
    for slot, work in plugin.slots.items():
        yield f"slot {slot}", lambda slot=slot, work=work: _slot(plugin, settings, slot, work)  # type: ignore[misc]  # bound now
    for gateway in plugin.gateways:
        yield f"gateway {gateway.code}: port", lambda one=gateway: _port(one, payments.PaymentGateway)  # type: ignore[misc]  # bound now
        yield f"gateway {gateway.code}: callbacks", lambda one=gateway: _refuses_forgeries(plugin, one)  # type: ignore[misc]  # bound now
    for provider in plugin.shipping:
        yield f"delivery {provider.code}: port", lambda one=provider: _port(one, shipping.ShippingProvider)  # type: ignore[misc]  # bound now
        yield f"delivery {provider.code}: settings", lambda one=provider: _explains_settings(one)  # type: ignore[misc]  # bound now


def _declaration(plugin: Plugin) -> None:
    assert plugin.problems(slots=SLOTS) == []
    assert plugin.title, "staff read a title"
    assert plugin.description, "staff read what it does, in a sentence"


def _imports(plugin: Plugin) -> None:
    """Of ours, its package imports `app.pluginapi` and nothing else, wherever in its files the import stands."""
    own = _package(plugin)
    found = [
        f"{name} imports {imported}"
        for name, module in sorted(sys.modules.items())
        if own and (name == own or name.startswith(f"{own}.")) and getattr(module, "__file__", None)
        for imported in _imported(Path(str(module.__file__)))
        if imported.partition(".")[0] == "app" and not f"{imported}.".startswith(("app.pluginapi.", f"{own}."))
    ]
    assert found == [], f"a plugin imports app.pluginapi and nothing else of ours: {', '.join(found)}"


def _package(plugin: Plugin) -> str:
    """Where the plugin's own code stands, by what it declares; empty when that is no code of its own."""
    brought = [*plugin.slots.values(), *plugin.listens.values(), *plugin.tasks.values(), plugin.settings, plugin.check]
    brought += [type(one) for one in (*plugin.gateways, *plugin.shipping)]
    names = [one.__module__ for one in brought if one is not None]
    if not names:
        return ""
    return ".".join(names[0].split(".")[: 3 if names[0].startswith("app.bundled.") else 1])


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())) if file.suffix == ".py" else ():
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _settings(plugin: Plugin) -> None:
    """Each setting has a title; what has no default is asked for."""
    assert plugin.settings is not None
    for one in getattr(msgspec.inspect.type_info(plugin.settings), "fields", ()):
        described = getattr(one.type, "extra_json_schema", None) or {}
        assert described.get("title"), f"{one.name} needs Meta(title=...): staff read it beside the field"


def _secrets(plugin: Plugin) -> None:
    """What is called a key, a token or a password is a Secret."""
    assert plugin.settings is not None
    names = {one.name for one in msgspec.structs.fields(plugin.settings)}
    looks_secret = {name for name in names if name.endswith(("token", "secret", "password", "key"))}
    assert looks_secret <= secret_names(plugin), f"{looks_secret - secret_names(plugin)} must be of the type Secret"


def _slot(plugin: Plugin, settings: msgspec.Struct | None, slot: str, work: Callable[..., Any]) -> None:
    """A text on time, which keeps something to read when it is sanitised, and no secret."""
    filled = settings or (plugin.settings() if plugin.settings else None)
    if filled is not None:
        filled = msgspec.structs.replace(filled, **dict.fromkeys(secret_names(plugin), _MARK))
    told = {name: 1 if name in _TOLD_NUMBERS else "EUR" if name == "currency" else name for name in SLOTS[slot].told}
    with _settings_are(work, filled):
        work(dict(told))  # the first call may load something
        began = time.perf_counter()
        answer = checked(work(dict(told)), str)
    assert time.perf_counter() - began <= places.SLOT.seconds, "a slot has fifty milliseconds"
    assert _MARK not in answer, "a secret stands on a page"
    assert not answer.strip() or safe_html(answer).strip(), "nothing of it is left when it is sanitised"


def _settings_are(work: Callable[..., Any], filled: msgspec.Struct | None) -> Any:
    """Let the plugin's own `settings_of` answer without a shop."""
    names = getattr(inspect.unwrap(work), "__globals__", {})
    patched = {"settings_of": lambda name: filled} if "settings_of" in names else {}
    return mock.patch.dict(names, patched)


def _port(one: Any, port: type) -> None:
    """Every method and every attribute of the port, with its parameters."""
    for name in getattr(port, "__annotations__", {}):
        assert hasattr(port, name) or hasattr(one, name), f"{type(one).__name__} has no {name}"
    for name, method in vars(port).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            wanted = len(inspect.signature(method).parameters) - 1
            own = inspect.signature(getattr(one, name)).parameters
            assert len(own) == wanted, f"{name} takes {len(own)} values instead of {wanted}"


def _refuses_forgeries(plugin: Plugin, gateway: payments.PaymentGateway) -> None:
    """A message without a signature, with a wrong one, or that is no message at all says nothing about money."""
    forged: list[Mapping[str, str]] = [{}, {"Signature": "00"}, {"Authorization": "Bearer x"}]
    filled = plugin.settings() if plugin.settings else None
    if filled is not None:
        filled = msgspec.structs.replace(filled, **dict.fromkeys(secret_names(plugin), _MARK))
    for headers in forged:
        for body in (b"", b"{}", b"\xff\x00", b'{"status": "captured", "amount": 1}'):
            with _settings_are(gateway.verify_callback, filled), pytest.raises(CallbackRefused):
                gateway.verify_callback(payments.Account({}, "the secret"), payments.Callback(headers, body))


def _explains_settings(provider: shipping.ShippingProvider) -> None:
    """Settings that are missing are told in sentences, field by field; nothing is raised."""
    found = checked(provider.problems({}), dict[str, str])
    assert all(found.values()), "a problem is a sentence"
