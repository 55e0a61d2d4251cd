"""The gallery, the set-up in one screen, and the same for programs."""

from __future__ import annotations

import threading

import pytest

from app.core import db
from app.core.access import system_actor
from app.platform.plugins import places, queries, service, standing
from app.platform.plugins.places import Place
from tests.platform.plugins.conftest import Greeting

BY = system_actor("tests")
TYPED = {"words": "Good day", "times": "3", "is_loud": "1", "token": "swordfish"}


@pytest.fixture
def at_shop(app, shop):
    def run(work):
        with app.app_context(), shop.entered():
            return work()

    return run


def refuse_the_token(settings):
    raise ConnectionError(f"the token {settings.token} is unknown")


def test_the_gallery_shows_what_each_plugin_does_and_how_it_does(staff_client, install, at_shop):
    install(description="Says hello.", connects_to=("hello.example.com",))
    at_shop(lambda: service.switch("greeter", "on", by=BY))
    at_shop(lambda: service.note_failure("greeter", "slot", "raised", "no"))

    page = staff_client.get("/admin/plugins").text

    for told in ("Greeter", "Says hello.", "hello.example.com", "On, with errors", "1 error since yesterday"):
        assert told in page
    assert "Bank transfer" in page and "Delivery by weight" in page


def test_a_plugin_is_set_up_in_one_screen_with_help_and_a_secret_is_never_shown_again(staff_client, install, at_shop):
    install()
    form = staff_client.get("/admin/plugins/greeter").text
    assert "How often" in form and "What it says." in form and 'type="password"' in form

    wrong = staff_client.post_form("/admin/plugins/greeter", TYPED | {"times": "12", "words": "x"})
    assert wrong.status_code == 422
    assert "This must be 9 or less." in wrong.text and "Please write at least 2 characters." in wrong.text
    assert staff_client.post_form("/admin/plugins/greeter", TYPED).status_code == 303

    assert at_shop(lambda: service.settings_of("greeter")) == Greeting("Good day", 3, True, "swordfish")
    again = staff_client.get("/admin/plugins/greeter").text
    assert "Good day" in again and "One is stored and never shown." in again and "swordfish" not in again
    program_form = staff_client.post_form("/admin/plugins/greeter", TYPED | {"unknown": "1"})
    assert program_form.status_code == 422


def test_a_connection_is_tested_before_settings_are_stored(staff_client, install, at_shop):
    install(check=refuse_the_token)
    refused = staff_client.post_form("/admin/plugins/greeter/test", TYPED)
    assert refused.status_code == 422
    assert "There is no connection with these settings." in refused.text and "the token … is unknown" in refused.text
    assert 'value="Good day"' in refused.text and "swordfish" not in refused.text
    assert at_shop(lambda: queries.state_of("greeter")) is None

    install(check=lambda settings: f"Connected, {settings.times} times.")
    assert staff_client.post_form("/admin/plugins/greeter/test", TYPED).status_code == 303
    assert "Connected, 3 times." in staff_client.get("/admin/plugins/greeter").text


def test_a_test_that_hangs_ends(staff_client, install, monkeypatch):
    over = threading.Event()
    install(check=lambda settings: over.wait(60))
    monkeypatch.setattr(places, "CONNECTION", Place("connection", "", 0.05))

    assert staff_client.post_form("/admin/plugins/greeter/test", TYPED).status_code == 422
    over.set()


def test_switching_on_pausing_and_off_act_on_the_next_request(staff_client, install, at_shop):
    install()
    for door, state in (("on", "on"), ("pause", "paused"), ("off", "off")):
        assert staff_client.post_form(f"/admin/plugins/greeter/{door}").status_code == 303
        assert at_shop(lambda: standing.current().state("greeter")) == state

    assert staff_client.post_form("/admin/plugins/nobody/on").status_code == 404
    assert staff_client.get("/admin/plugins/nobody").status_code == 404


def test_errors_are_listed_in_words_and_a_stop_by_the_operator_is_shown(app, staff_client, install, at_shop):
    install()
    at_shop(lambda: service.note_failure("greeter", "slot", "too_slow", ""))
    with app.app_context():
        service.stop_everywhere("greeter", "it leaks", by=BY)
        db.checkpoint()

    page = staff_client.get("/admin/plugins/greeter").text
    refused = staff_client.post_form("/admin/plugins/greeter/on")
    with app.app_context():
        service.let_go_on("greeter", by=BY)
        db.checkpoint()
    assert "It took too long." in page and "Showing something on a page" in page
    assert "has stopped this plugin in all shops" in page
    assert refused.status_code == 409


def test_who_may_not_manage_plugins_neither_sees_nor_changes_them(client, make_member, staff_browser, install):
    install()
    assert client.get("/admin/plugins").status_code == 303
    browser = staff_browser(make_member(role="support"))

    assert browser.get("/admin/plugins").status_code == 403
    assert browser.post_form("/admin/plugins/greeter/on").status_code == 403


def test_programs_set_plugins_up_and_never_read_a_secret(program, install, at_shop):
    install()
    api = program("plugins.read", "plugins.write")

    told = api.put("/api/v1/plugins/greeter/settings", json={"settings": {"words": "Hey", "token": "swordfish"}})
    wrong = api.put("/api/v1/plugins/greeter/settings", json={"settings": {"words": "Hey", "times": "often"}})
    on = api.post("/api/v1/plugins/greeter/on")

    assert told.status_code == 200, told.text
    assert told.json["stored_secrets"] == ["token"] and "swordfish" not in told.text
    assert wrong.status_code == 422 and "settings.times" in wrong.text
    assert on.json.get("state") == "on", on.text
    assert {one["name"] for one in api.get("/api/v1/plugins").json["items"]} >= {"greeter", "testpay"}
