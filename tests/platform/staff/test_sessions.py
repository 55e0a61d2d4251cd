"""Sessions are listed and ended, a new browser is told of, dangerous doors ask again, and nobody
learns who works here.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.core import clock, db
from tests.factories.staff import PASSWORD
from tests.platform.staff.devices import code_of, set_up_app

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1"


def is_in(browser) -> bool:
    return browser.get("/admin/profile").status_code == 200


def sign_in(shop, agent="", browser=None):
    browser = browser or shop.browser()
    fields = {"email": shop.owner_email, "password": shop.owner_password}
    answer = browser.post_form("/admin/sign-in", fields, headers={"User-Agent": agent or "Firefox/140 Linux"})
    assert answer.status_code == 303
    return browser


def ends_in(page: str) -> list[str]:
    return re.findall(r'action="(/admin/security/sessions/[0-9a-f-]+/end)"', page)


def test_sessions_are_listed_and_one_or_all_others_end_on_their_next_request(shop, staff_client):
    phone, laptop = sign_in(shop, PHONE), sign_in(shop)
    page = staff_client.get("/admin/security").text
    assert "Safari, iPhone" in page and "Firefox, Linux" in page and "127.0.0.1" in page and "this one" in page
    assert len(ends_in(page)) == 2, "one's own has the way out"

    assert phone.post_form(ends_in(page)[0]).status_code == 303
    assert [is_in(phone), is_in(laptop)].count(True) == 1 or not is_in(laptop)
    staff_client.post_form("/admin/security/sessions/end-others")
    assert not is_in(phone) and not is_in(laptop) and is_in(staff_client)


def test_nobody_ends_sessions_of_somebody_else_but_an_owner(
    app, shop, other_shop, staff_client, make_member, staff_browser
):
    member = make_member()
    colleague = staff_browser(member)
    sign_in(shop)
    foreign = ends_in(staff_client.get("/admin/security").text)[0]
    stranger = sign_in(other_shop)
    answers = [one.post_form(foreign) for one in (colleague, stranger)]
    assert [answer.status_code for answer in answers] == [404, 404] and is_in(staff_client)
    assert colleague.post_form(f"/admin/staff/{member.id}/end-sessions").status_code == 403

    assert staff_client.post_form(f"/admin/staff/{member.id}/end-sessions").status_code == 303
    assert not is_in(colleague)


def test_another_process_knows_a_session_that_ended_on_its_next_request(shop, staff_client, app):
    """The row is the session: nothing of it is kept by a process, so there is nothing that could live on."""
    from flask import session

    laptop = sign_in(shop)
    with laptop:
        laptop.get("/admin/profile")
        assert session.id is not None
    staff_client.post_form("/admin/security/sessions/end-others")
    statements = []
    event.listen(_engine(app), "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert not is_in(laptop) and any("web_session" in one for one in statements)


def _engine(app):
    with app.app_context():
        return db.db.engines[None]


def test_a_new_password_and_a_new_factor_end_all_other_sessions(shop, staff_client):
    other = sign_in(shop)
    fields = {"current": shop.owner_password, "new": "quite another sentence"}
    assert staff_client.post_form("/admin/profile/password", fields).status_code == 303
    assert is_in(staff_client) and not is_in(other)

    fields = {"email": shop.owner_email, "password": "quite another sentence"}
    other.post_form("/admin/sign-in", fields)
    assert is_in(other)
    set_up_app(staff_client)
    assert is_in(staff_client) and not is_in(other)


def test_a_browser_that_was_not_seen_before_is_told_of_by_mail_once(shop, outbox, run_jobs):
    def letters():
        run_jobs()
        return [letter.text for letter in outbox if "browser that we had not seen" in letter.text]

    first = sign_in(shop)
    assert letters() == [], "the very first sign-in is no news"
    first.post_form("/admin/sign-out")
    sign_in(shop, browser=first)
    assert letters() == [], "known by its cookie"
    sign_in(shop, PHONE)
    assert len(letters()) == 1 and "Safari, iPhone" in letters()[0]


DANGEROUS = [
    ("post", "/admin/developers/keys"),
    ("post", "/admin/developers/apps"),
    ("get", "/admin/settings/payments/testpay"),
    ("post", "/admin/settings/payments/testpay"),
    ("post", "/admin/staff/roles"),
    ("get", "/admin/staff/sign-in"),
    ("post", "/admin/staff/sign-in"),
    ("post", "/admin/security/app/remove"),
    ("post", "/admin/security/recovery-codes"),
    ("get", "/admin/sign-in/app"),
    ("post", "/admin/sign-in/passkeys/options"),
]


def test_dangerous_doors_ask_for_a_proof_of_the_last_ten_minutes(shop, staff_client):
    """Step-up: factors, payments, keys, roles, rules and exports; the way back is the page with the form."""
    now, wrong = clock.now(), {"password": "not this one"}
    with clock.frozen(now + timedelta(minutes=11)):
        for method, path in DANGEROUS:
            answer = staff_client.get(path) if method == "get" else staff_client.post_form(path)
            assert (answer.status_code, (answer.location or "")[:12]) == (303, "/admin/prove"), path
        for path, ids in (("orders", "numbers"), ("customers", "customers")):
            export = {"action": "export", "everything": "1", ids: []}
            assert staff_client.post_form(f"/admin/{path}/bulk", export).location.startswith("/admin/prove"), path
        page = shop.url("/admin/developers?x=1")
        answer = staff_client.post_form("/admin/developers/keys", headers={"Referer": page})
        assert answer.location == "/admin/prove?next=/admin/developers?x%3D1"
        evil = staff_client.post_form("/admin/developers/keys", headers={"Referer": "https://evil.example/x"})
        assert evil.location == "/admin/prove"
        assert is_in(staff_client), "other doors do not ask"

        assert staff_client.post_form("/admin/prove", wrong).status_code == 422
        proven = staff_client.post_form("/admin/prove", {"password": shop.owner_password, "next": "/admin/developers"})
        assert proven.location == "/admin/developers"
        assert staff_client.get("/admin/staff/sign-in").status_code == 200, "the control"


def test_with_a_second_factor_the_password_is_no_fresh_proof(shop, staff_client):
    phone, _ = set_up_app(staff_client)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert staff_client.post_form("/admin/prove", {"password": shop.owner_password}).status_code == 422
        assert staff_client.post_form("/admin/prove", {"code": code_of(phone)}).status_code == 303


@pytest.fixture
def told(app):
    """Statements without their values, in order, while something is asked."""
    heard: list[str] = []
    engines = list({id(one): one for one in _engines(app)}.values())

    def hear(connection, cursor, statement, *rest):
        heard.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    yield heard
    for engine in engines:
        event.remove(engine, "before_cursor_execute", hear)


def _engines(app):
    with app.app_context():
        return db.db.engines.values()


def test_signing_in_does_not_tell_who_works_here(app, shop, other_shop, told, make_member, slow_passwords, monkeypatch):
    """An unknown address, a wrong password, a colleague of another shop: same answer, same statements, same work."""
    from app.core import login

    make_member(email="known@example.com")
    make_member(email="elsewhere@example.com", at=other_shop)
    hashes = []
    verify = login._hasher.verify
    monkeypatch.setattr(login, "_hasher", _Counting(login._hasher, verify, hashes))
    heard = []
    shop.browser().post_form("/admin/sign-in", {"email": "first@example.com", "password": "warms what is kept"})
    for email in ("known@example.com", "nobody@example.com", "elsewhere@example.com"):
        told.clear()
        hashes.clear()
        browser = shop.browser()
        answer = browser.post_form("/admin/sign-in", {"email": email, "password": "wrong one"})
        body = re.sub(r'value="[^"]*"', "", answer.text)
        heard.append((answer.status_code, body, tuple(told), len(hashes)))

    assert heard[0] == heard[1] == heard[2]
    right = shop.browser().post_form("/admin/sign-in", {"email": "known@example.com", "password": PASSWORD})
    assert right.status_code in {303, 422}


class _Counting:
    def __init__(self, hasher, verify, seen):
        self._hasher, self._verify, self._seen = hasher, verify, seen

    def verify(self, *args):
        self._seen.append(1)
        return self._verify(*args)

    def __getattr__(self, name):
        return getattr(self._hasher, name)


def test_a_lock_out_comes_for_unknown_addresses_at_the_same_try(shop, make_member, monkeypatch):
    from app.platform.staff.backoffice import entry

    monkeypatch.setattr(entry, "TRIES_PER_ACCOUNT", 3)
    make_member(email="known@example.com")
    with clock.frozen(clock.now()):
        answers = {}
        for email in ("known@example.com", "nobody@example.com"):
            tries = [shop.browser().post_form("/admin/sign-in", {"email": email, "password": "x"}) for _ in range(5)]
            answers[email] = [(one.status_code, re.sub(r'value="[^"]*"', "", one.text)) for one in tries]

    assert answers["known@example.com"] == answers["nobody@example.com"]
    assert answers["known@example.com"][-1][0] == 429


def test_somebody_who_was_here_before_is_not_locked_out_by_strangers(shop, monkeypatch):
    """A known browser has a count of its own; the control is one that is not known."""
    from app.platform.staff.backoffice import entry

    monkeypatch.setattr(entry, "TRIES_PER_ACCOUNT", 3)
    with clock.frozen(clock.now()):
        known = sign_in(shop)
        known.post_form("/admin/sign-out")
        for _ in range(4):
            shop.browser().post_form("/admin/sign-in", {"email": shop.owner_email, "password": "guess"})

        fields = {"email": shop.owner_email, "password": shop.owner_password}
        assert shop.browser().post_form("/admin/sign-in", fields).status_code == 429
        assert known.post_form("/admin/sign-in", fields).status_code == 303
