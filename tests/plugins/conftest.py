"""A distribution of ours in a shop, as if it had been installed by pip when the process started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.plugins import calling, declaring, service, standing
from app.platform.plugins.declaring import Plugin
from app.pluginapi.plugin import install
from app.shop.payments import hooks as payments
from app.shop.shipping import hooks as shipping


@pytest.fixture
def put_in(app, shop) -> Iterator[Callable[..., Plugin]]:
    """Install a plugin and switch it on in the shop: `put_in(plugin)`; `at=other_shop`, `state="off"`."""
    names: list[Plugin] = []

    def one(plugin: Plugin, *, at: Any = None, state: str = "on") -> Plugin:
        install(plugin, is_bundled=False)
        names.append(plugin)
        calling.begin()
        standing._kept.begin()
        with app.app_context(), (at or shop).entered():
            service.switch(plugin.name, state, by=system_actor("tests"))
            db.checkpoint()
        return plugin

    yield one
    for plugin in names:
        declaring.forget(plugin.name)
        for gateway in plugin.gateways:
            payments._gateways.pop(gateway.code, None)
        for provider in plugin.shipping:
            shipping._providers.pop(provider.code, None)
    calling.begin()
    standing._kept.begin()
