"""Pages of plugins: where the plugin is on, few at once, and their failures are the plugin's."""

from __future__ import annotations

import threading

import pytest

from app.core import access, db
from app.core.access import system_actor
from app.core.errors import NotFound
from app.platform.plugins import places, queries, service
from app.platform.plugins.places import Place
from app.pluginapi import doors
from app.pluginapi.doors import PluginDoor, TooBusy

BY = system_actor("tests")


@pytest.fixture
def view(app, in_shop, install):
    """Put a view behind the plugin's door, as its route calls it; the plugin is on."""
    install()
    service.switch("greeter", "on", by=BY)
    db.checkpoint()

    def put(work):
        door = PluginDoor("greeter")
        door.get("/page", endpoint="page")(access.public(work))
        wrapped = door._limited(access.public(work))
        assert wrapped.__access__ == access.public(work).__access__, "the gate still sees who may come in"
        return wrapped

    return put


def kinds() -> list[str]:
    return [one.kind for one in queries.errors_of("greeter") if one.place == "page"]


def test_a_page_that_crashes_is_noted_and_one_that_refuses_is_not(view):
    def refuse():
        raise NotFound()

    with pytest.raises(ZeroDivisionError):
        view(lambda: 1 / 0)()
    with pytest.raises(NotFound):
        view(refuse)()
    assert view(lambda: "well")() == "well"
    assert kinds() == ["raised"]


def test_a_page_slower_than_its_budget_is_noted(view, monkeypatch):
    assert view(lambda: "quick")() == "quick"
    assert kinds() == []
    monkeypatch.setattr(places, "PAGE", Place("page", "", -1))
    assert view(lambda: "slow")() == "slow"
    assert kinds() == ["too_slow"]


def test_pages_that_hang_hold_two_threads_and_the_next_is_refused_at_once(view, monkeypatch):
    monkeypatch.setattr(places, "PAGE", Place("page", "", 120))
    over, inside = threading.Event(), threading.Barrier(3)
    hanging = view(lambda: (inside.wait(30), over.wait(60)))
    threads = [threading.Thread(target=hanging) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(30)

    with pytest.raises(TooBusy):
        view(lambda: "third")()
    over.set()
    for thread in threads:
        thread.join(30)
    assert view(lambda: "third")() == "third"
    assert doors._at_once._inside == {}
