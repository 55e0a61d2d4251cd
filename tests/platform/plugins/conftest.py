"""A plugin of a stranger, installed for the length of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from app.platform.plugins import calling, declaring, standing
from app.platform.plugins.declaring import Plugin, Secret
from app.platform.plugins.slots import SLOTS


class Greeting(msgspec.Struct):
    """Settings of the plugin of these tests."""

    words: Annotated[str, Meta(title="Words", description="What it says.", min_length=2, max_length=40)] = "Hello"
    times: Annotated[int, Meta(title="How often", ge=1, le=9)] = 1
    is_loud: bool = False
    token: Annotated[Secret, Meta(title="Token")] = ""


@pytest.fixture
def install() -> Iterator[Callable[..., Plugin]]:
    """Install a plugin: `install(slots={...})`. It is called "greeter" and off, as a stranger's is."""
    names = []

    def one(name: str = "greeter", *, is_bundled: bool = False, **declared: Any) -> Plugin:
        declared.setdefault("settings", Greeting)
        plugin = Plugin(name, "1.2", title=declared.pop("title", "Greeter"), **declared)
        declaring.declare(plugin, is_bundled=is_bundled, slots=SLOTS)
        names.append(name)
        return plugin

    calling.begin()
    standing._kept.begin()
    yield one
    for name in names:
        declaring.forget(name)
    calling.begin()
    standing._kept.begin()
