"""Second steps: codes of an app, recovery codes, and what a shop asks of its staff. Each protection
with its control.
"""

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.access import PUBLIC
from app.core.second_steps import WrongCode
from app.platform.staff import factors, queries
from app.platform.staff.backoffice import second_step
from tests.isolation.requests import probes
from tests.platform.staff.devices import code_of, codes_in, set_up_app

SECOND = "/admin/sign-in/second"
RULES = {"second_factor": "all", "shortest_password": "10", "session_hours": "12", "idle_minutes": "0"}


def first_step(shop, next_page=""):
    browser = shop.browser()
    fields = {"email": shop.owner_email, "password": shop.owner_password, "next": next_page}
    return browser, browser.post_form("/admin/sign-in", fields)


def is_in(browser) -> bool:
    return browser.get("/admin/profile").status_code == 200


def test_with_an_app_a_password_alone_lets_nobody_in_and_a_code_works_once(shop, staff_client, outbox, run_jobs):
    with clock.frozen(clock.now()):
        app, codes = set_up_app(staff_client)
        assert len(set(codes)) == 10 and is_in(staff_client), "the session that made it goes on"

        browser, answer = first_step(shop, "/admin/staff")
        assert answer.location == f"{SECOND}?next=/admin/staff" and not is_in(browser)
        assert browser.get("/admin/staff").location == "/admin/sign-in?next=/admin/staff"
        assert browser.get("/admin/sign-in?next=/admin/staff").location == answer.location
        used = browser.post_form(SECOND, {"code": code_of(app), "next": "/admin/staff"})
        assert used.status_code == 422 and not is_in(browser), "the code that set it up was its first use"

    with clock.frozen(clock.now() + timedelta(seconds=60)):
        code = code_of(app)
        assert browser.post_form(SECOND, {"code": code, "next": "/admin/staff"}).location == "/admin/staff"
        assert is_in(browser)
        other = first_step(shop)[0]
        assert other.post_form(SECOND, {"code": code}).status_code == 422 and not is_in(other), "once"
        assert other.post_form(SECOND, {"code": code_of(app, 2)}).status_code == 422, "one step of tolerance, not two"
        assert other.post_form(SECOND, {"code": f" {code_of(app, 1)[:3]} {code_of(app, 1)[3:]}"}).status_code == 303
        assert other.post_form(SECOND, {"code": "000000"}).status_code == 303, "nothing waits here any more"

    run_jobs()
    subjects = [letter.subject for letter in outbox]
    assert sum("How you sign in" in subject for subject in subjects) == 2, "the app, and the recovery codes"


def test_a_code_would_work_twice_if_its_half_minute_were_not_kept(app, shop, staff_client):
    """The control of the test above: the same code, with the memory of it taken away."""
    with clock.frozen(clock.now()):
        phone, _ = set_up_app(staff_client)
        with app.app_context(), shop.entered():
            member = queries.staff_by_email(shop.owner_email)
            with pytest.raises(WrongCode):
                factors.prove(member, code_of(phone))
            queries.authenticator_of(member.id).last_step = 0
            assert factors.prove(member, code_of(phone)) == "app"


def test_the_secret_is_encrypted_and_recovery_codes_are_hashes(shop, staff_client, server, configured):
    import psycopg

    phone, codes = set_up_app(staff_client)
    with psycopg.connect(configured.operator_url) as connection:
        kept = str(connection.execute("select * from staff_authenticator a, staff_recovery_code c").fetchall())

    assert phone.secret not in kept and phone.secret.encode().hex() not in kept
    assert codes[0] not in kept and codes[0].replace("-", "") not in kept


def test_a_recovery_code_works_once_and_new_ones_end_the_old(shop, staff_client, outbox, run_jobs):
    codes = set_up_app(staff_client)[1]

    browser = first_step(shop)[0]
    assert browser.post_form(SECOND, {"code": codes[0].upper()}).status_code == 303 and is_in(browser)
    again = first_step(shop)[0]
    assert again.post_form(SECOND, {"code": codes[0]}).status_code == 422 and not is_in(again)
    fresh = codes_in(browser.post_form("/admin/security/recovery-codes").text)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    assert again.post_form(SECOND, {"code": codes[1]}).status_code == 422
    assert again.post_form(SECOND, {"code": fresh[0]}).status_code == 303 and is_in(again)
    assert "9 codes are left" in browser.get("/admin/security").text
    run_jobs()
    assert any("was used to sign in" in letter.text for letter in outbox)


def test_six_digits_cannot_be_guessed_by_trying(shop, staff_client, monkeypatch):
    monkeypatch.setattr(second_step, "TRIES", 4)
    with clock.frozen(clock.now()):
        phone, _ = set_up_app(staff_client)  # one try
    with clock.frozen(clock.now() + timedelta(seconds=60)):
        browser = first_step(shop)[0]
        tries = [browser.post_form(SECOND, {"code": f"00000{digit}"}).status_code for digit in range(5)]

        assert tries[-1] == 429 and set(tries) == {422, 429}
        assert browser.post_form(SECOND, {"code": code_of(phone)}).status_code == 429
    with clock.frozen(clock.now() + timedelta(minutes=17)):
        assert browser.get(SECOND).status_code == 303, "the first step is forgotten after ten minutes"


def test_a_rule_leads_whoever_has_no_factor_to_make_one_before_anything_else(
    app, shop, staff_client, make_member, staff_browser
):
    """Policy: at the next click of sessions that run, on each way in, and on no route but those that make a factor."""
    running = staff_browser(make_member())
    assert staff_client.post_form("/admin/staff/sign-in", RULES).status_code == 303

    assert running.get("/admin/profile").location == "/admin/sign-in?next=/admin/profile"
    assert running.get("/admin/sign-in?next=/admin/profile").location == "/admin/sign-in/set-up?next=/admin/profile"
    for probe in probes(app, None):
        if probe.path.startswith("/admin") and probe.path != "/admin/sign-out":
            ask = running.get if probe.method == "GET" else running.post_form
            view, answer = app.view_functions[probe.endpoint], ask(probe.path)
            is_sent_away = answer.status_code in {303, 403, 404} and "/admin/sign-in" in (
                answer.location or "/admin/sign-in"
            )
            is_entrance = view.__access__ == PUBLIC and re.match(r"/admin/(sign-in|forgotten-password)", probe.path)
            assert is_sent_away or is_entrance, f"{probe} answers somebody without a second factor"
    assert running.post_form("/admin/profile/name", {"name": "Changed"}).location.startswith("/admin/sign-in")

    _, codes = set_up_app(running)
    assert len(codes) == 10 and is_in(running)
    last = running.post_form("/admin/security/app/remove")
    assert last.status_code == 409 and "asks for a second step" in last.text and is_in(running)
    browser, answer = first_step(shop)
    assert answer.location == "/admin/sign-in/set-up" and not is_in(browser), "owners are not above the rule"


def test_every_way_in_asks_for_the_second_step(app, shop, other_shop, make_member, run_jobs, outbox):
    """Links, letters, tickets of other shops and new passwords are a first step only."""
    from app.platform.staff import service, switching
    from tests.factories.staff import PASSWORD

    member = make_member(email="both@example.com")
    make_member(email="both@example.com", at=other_shop)
    browser = shop.browser()
    browser.post_form("/admin/sign-in", {"email": "both@example.com", "password": PASSWORD})
    set_up_app(browser)
    browser.post_form("/admin/sign-out")
    browser.post_form("/admin/forgotten-password", {"email": "both@example.com"})
    run_jobs()
    letter = next(one for one in outbox if "/admin/reset-password/" in one.text)
    reset = re.search(r"http://[^/]+(/admin/reset-password/\S+)", letter.text)[1]
    with app.app_context(), other_shop.entered():
        ticket = switching.ticket_to(shop.id, queries.staff_by_email("both@example.com"))
        queries.db.catalogue.commit()
    with app.app_context(), shop.entered():
        link = service.entry_link(member.id)

    ways = [lambda one: one.get("/admin/" + link.partition("/admin/")[2])]
    ways.append(lambda one: one.get("/admin/" + ticket.partition("/admin/")[2]))
    ways.append(lambda one: one.post_form(reset, {"password": "another long sentence"}))
    for way in ways:
        stranger = shop.browser()
        assert way(stranger).location == SECOND and not is_in(stranger)


def test_programs_are_not_asked_for_a_second_step(app, shop, staff_client, owner):
    from app.platform.developers import service as developers
    from app.platform.developers.schemas import NewKey

    with app.app_context(), shop.entered():
        key = developers.make_key(NewKey(name="ERP", scopes=["products.read"]), by=owner)[1]
    staff_client.post_form("/admin/staff/sign-in", RULES)

    answer = shop.browser().get("/api/v1/products", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_rules_for_leaders_ask_owners_managers_and_whoever_manages_staff_or_payments(
    app, shop, staff_client, make_member, owner
):
    from app.platform.staff import granting, policy
    from app.platform.staff.schemas import PolicyForm, RoleForm

    packer, manager = make_member(role="fulfilment"), make_member()
    with app.app_context(), shop.entered():
        cashier = granting.make_role(RoleForm("Cashier", permissions=["payments.manage"]), by=owner)
        policy.change(PolicyForm("leaders", 10, 12, 0), by=owner)
        asked = policy.current().asks
        assert asked(manager) and asked(queries.staff_by_email(shop.owner_email)) and not asked(packer)
        packer.role, packer.role_id, packer.granted = "own", cashier.id, cashier.permissions
        assert asked(packer)


def test_a_longer_password_and_a_shorter_session_are_asked_as_the_rules_say(shop, staff_client):
    rules = RULES | {"second_factor": "nobody", "shortest_password": "16", "session_hours": "1", "idle_minutes": "10"}
    staff_client.post_form("/admin/staff/sign-in", rules)
    assert staff_client.post_form("/admin/staff/sign-in", rules | {"shortest_password": "9"}).status_code == 422
    short = staff_client.post_form(
        "/admin/profile/password", {"current": shop.owner_password, "new": "only 15 letters"}
    )
    assert short.status_code == 422 and "at least 16 characters" in short.text

    now = clock.now()
    with clock.frozen(now):
        browser = first_step(shop)[0]
    with clock.frozen(now + timedelta(minutes=9)):
        assert is_in(browser)
    with clock.frozen(now + timedelta(minutes=18)):
        assert is_in(browser), "used nine minutes ago"
    with clock.frozen(now + timedelta(minutes=29)):
        assert not is_in(browser), "idle for eleven"
    with clock.frozen(now):
        used = first_step(shop)[0]
    for minutes in range(8, 60, 8):
        with clock.frozen(now + timedelta(minutes=minutes)):
            assert is_in(used)
    with clock.frozen(now + timedelta(minutes=61)):
        assert not is_in(used), "an hour is over"


def test_an_owner_takes_a_lost_factor_away_and_nobody_takes_one_of_somebody_who_may_more(
    app, shop, staff_client, make_member, staff_browser, outbox, run_jobs
):
    member = make_member()
    colleague = staff_browser(member)
    set_up_app(colleague)
    set_up_app(staff_client)
    address = f"/admin/staff/{member.id}/reset-factors"
    assert colleague.post_form(address).status_code == 403
    assert "Authenticator app" in staff_client.get(f"/admin/staff/{member.id}/access").text

    assert staff_client.post_form(address).status_code == 303

    assert not is_in(colleague), "their sessions end"
    assert is_in(staff_browser(member)), "a first step is enough again"
    run_jobs()
    assert any("took your second step away" in letter.text and letter.to == member.email for letter in outbox)
    with app.app_context(), shop.entered():
        assert queries.recovery_codes_of(member.id) == []
        from app.platform.staff.granting import MoreThanYouHold
        from app.platform.staff.service import change_role

        boss = queries.staff_by_email(shop.owner_email)
        helper = queries.actor_of(change_role(member.id, "manager", by=queries.actor_of(boss)))
        with pytest.raises(MoreThanYouHold):
            factors.reset(boss.id, by=helper)
