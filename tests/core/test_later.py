"""Modules that wait for their first use."""

import sys
from types import ModuleType

from app.core.later import later


def test_a_module_is_loaded_when_something_is_asked_of_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)

    colours = later("colorsys")

    assert "colorsys" not in sys.modules
    assert colours.rgb_to_hls(0, 0, 0) == (0, 0, 0)
    assert "colorsys" in sys.modules


def test_who_asked_may_prepare_the_module_first():
    told: list[ModuleType] = []

    json = later("json", then=told.append)

    assert json.dumps([1]) == "[1]"
    assert told == [sys.modules["json"]]
