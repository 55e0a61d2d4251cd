"""A draft can be undone, scheduled, compared and shared; its text can be read."""

import html
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app import settings
from app.core import access, clock
from app.core.errors import InvalidInput
from app.platform.branding import editor, jobs, queries, service
from app.platform.branding.errors import NothingToPublish, NothingToUndo, NotInTheFuture
from app.platform.tenancy import service as tenancy_service
from app.ui import palette
from app.ui.colour import contrast
from app.ui.theme import BrandTokens

RUST, LIME, VIOLET = "#a8492a", "#c8f03c", "#6a38e8"
FORM = {"colour": LIME, "mode": "dark", "font_pair": "sofia", "radius": "2"}
BY = access.system_actor("tests")


def save(colour, **tokens):
    return service.save_draft(BrandTokens(colour=colour, **tokens), by=BY)


def test_undo_takes_one_change_back_after_the_other(in_shop):
    save(RUST)
    save(LIME)
    save(LIME)

    assert queries.tokens_of(service.undo(by=BY)).colour == RUST
    assert queries.tokens_of(service.undo(by=BY)) == BrandTokens()
    with pytest.raises(NothingToUndo):
        service.undo(by=BY)


def test_undo_remembers_a_bounded_number_of_steps(in_shop):
    for step in range(service.STEPS_BACK + 5):
        save(f"#0000{step:02x}")

    assert len(queries.draft_version().undo) == service.STEPS_BACK


def test_a_published_version_cannot_be_undone(in_shop):
    save(RUST)
    assert service.publish(by=BY).undo == []

    with pytest.raises(NothingToUndo):
        service.undo(by=BY)


def test_a_scheduled_draft_is_published_when_its_time_has_come_and_not_before(in_shop, monkeypatch):
    save(RUST)
    moment = clock.now() + timedelta(hours=2)
    service.schedule(moment, by=access.Actor("staff", name="Rita", permissions=frozenset()))

    jobs.publish_at_its_time()
    assert queries.draft_version() is not None

    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=1))
    jobs.publish_at_its_time()
    assert queries.draft_version() is None
    assert queries.published_version().published_by == "Rita"
    assert queries.published_version().publish_at is None


def test_a_cancelled_schedule_publishes_nothing(in_shop, monkeypatch):
    save(RUST)
    moment = clock.now() + timedelta(hours=2)
    service.schedule(moment, by=BY)
    service.unschedule(by=BY)

    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(days=1))
    jobs.publish_at_its_time()

    assert queries.published_version() is None


@pytest.mark.parametrize("away", [timedelta(minutes=-1), timedelta(days=400)])
def test_a_time_that_makes_no_sense_is_refused(in_shop, away):
    save(RUST)

    with pytest.raises(NotInTheFuture):
        service.schedule(clock.now() + away, by=BY)


def test_without_a_draft_there_is_nothing_to_schedule(in_shop):
    with pytest.raises(NothingToPublish):
        service.schedule(clock.now() + timedelta(hours=1), by=BY)


def test_the_editor_takes_the_time_by_the_shops_clock_and_asks_the_worker(staff_client, shop, run_jobs):
    staff_client.post_form("/admin/branding", FORM)
    answer = staff_client.post_form("/admin/branding/schedule", {"at": f"{clock.now():%Y}-12-31T23:45"})

    assert answer.status_code == 303
    with shop.app.app_context(), shop.entered():
        zone = queries.tenancy.current_shop().timezone
        local = queries.draft_version().publish_at.astimezone(ZoneInfo(zone))
    assert f"{local:%m-%d %H:%M}" == "12-31 23:45"
    run_jobs()
    with psycopg.connect(settings.current().operator_url) as connection:
        waiting = connection.execute(
            "select scheduled_at from jobs.procrastinate_jobs where task_name like %s and args->>'tenant' = %s",
            ["%publish_at_its_time", str(shop.id)],
        ).fetchall()
    assert [moment for (moment,) in waiting] == [local.astimezone(UTC)]
    assert "Cancel the schedule" in staff_client.get("/admin/branding").text


@pytest.mark.parametrize("at", ["", "tomorrow", "2020-01-01T00:00"])
def test_a_bad_time_gets_a_sentence(staff_client, at):
    staff_client.post_form("/admin/branding", FORM)

    assert staff_client.post_form("/admin/branding/schedule", {"at": at}).status_code in {409, 422}


def test_comparing_names_every_choice_that_differs(staff_client):
    words = {"words-0-key": "bag", "words-0-word": "Pack"}
    staff_client.post_form("/admin/branding", FORM | words | {"header_layout": "bar"})

    page = html.unescape(staff_client.get("/admin/branding/compare").text)

    for text in ("Brand colour", "#2f5d50", LIME, "A band in the brand's colour", "Sofia Extra Condensed", "Pack"):
        assert text in page
    assert page.count("<tr><td data-label") == 6
    assert 'src="/?look=published"' in page


def test_every_token_has_a_name_in_the_comparison():
    assert set(editor.choices.LABELS) == set(BrandTokens.__struct_fields__)


def test_text_that_cannot_be_read_is_refused_with_the_nearest_colour_that_can(in_shop):
    with pytest.raises(InvalidInput) as refusal:
        save(RUST, hero_colour="#fbe0e9", hero_ink="#e8a0b8")

    offered = re.search(r"#\w{6}", refusal.value.errors["hero_ink"])[0]
    assert contrast(offered, "#fbe0e9") >= 4.5
    assert contrast(offered, "#fbe0e9") < 4.8
    save(RUST, hero_colour="#fbe0e9", hero_ink=offered)
    assert f"--hero-ink: {offered};" in queries.draft().css


@pytest.mark.parametrize("background", ["#000000", "#ffffff", "#777777", "#fbe0e9", "#6a38e8"])
@pytest.mark.parametrize("ink", ["#000000", "#ffffff", "#7a7a7a", "#c8f03c"])
def test_the_nearest_colour_can_always_be_read(ink, background):
    assert contrast(palette.nearest_readable(ink, background, 4.5), background) >= 4.5


def test_text_on_the_opening_picture_needs_the_colour_behind_it(staff_client):
    answer = staff_client.post_form("/admin/branding", FORM | {"hero_ink": "#000000"})

    assert answer.status_code == 422
    assert "Choose the colour behind" in answer.text


def test_the_editor_offers_the_readable_colour_as_a_button(staff_client):
    fields = FORM | {"hero_colour": "#fbe0e9", "hero_ink": "#e8a0b8"}

    for htmx in (False, True):
        answer = staff_client.post_form("/admin/branding", fields, htmx=htmx)
        assert answer.status_code == 422
        assert re.search(r'value="#\w{6}" data-set="f-hero_ink"', answer.text)


def test_undo_comes_back_to_the_editor_it_was_asked_from(staff_client):
    staff_client.post_form("/admin/branding", FORM)
    staff_client.post_form("/admin/branding", FORM | {"radius": "9"})

    assert staff_client.post_form("/admin/branding/undo", {"back": "home"}).headers["Location"] == "/admin/home-page"
    assert staff_client.post_form("/admin/branding/undo").headers["Location"] == "/admin/branding"
    assert staff_client.post_form("/admin/branding/undo").status_code == 409


def test_a_shared_link_ends(staff_client, client, monkeypatch):
    staff_client.post_form("/admin/branding", FORM)
    link = re.search(r'value="http://[^/"]+(/\?preview=[^"]+)"', staff_client.get("/admin/branding").text)[1]
    assert client.get(link).status_code == 200
    assert LIME in client.get(re.search(r'href="(/_brand/[^"]+\.css)"', client.get("/cart").text)[1]).text

    later = datetime.now(UTC) + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert client.get(link).status_code == 404
    assert LIME not in client.get(re.search(r'href="(/_brand/[^"]+\.css)"', client.get("/cart").text)[1]).text


def test_the_frame_can_insist_on_light_or_dark(staff_client):
    page = staff_client.get("/admin/branding").text
    dark = re.search(r'href="(/\?preview=[^"]+)"[^>]*>\s*<svg[^>]*>.*?Dark', page, re.DOTALL)
    links = re.findall(r'href="(/\?preview=[^"]+)"', page)

    assert dark
    assert 'data-scheme="light"' in staff_client.get(links[0], headers={"Sec-Fetch-Dest": "iframe"}).text
    assert 'data-scheme="dark"' in staff_client.get(links[1], headers={"Sec-Fetch-Dest": "iframe"}).text


POSTS = ["/undo", "/schedule", "/unschedule"]


@pytest.mark.parametrize("path", POSTS)
def test_strangers_and_readers_change_nothing(client, staff_client, path, monkeypatch):
    fields = {"at": "2030-01-01T00:00"} if path == "/schedule" else {}
    assert client.post_form(f"/admin/branding{path}", fields).status_code in {302, 303, 401}

    reader = access.Actor("staff", name="Reader", permissions=frozenset({"branding.read"}))
    monkeypatch.setattr(access, "_identify", [lambda: reader])
    assert staff_client.post_form(f"/admin/branding{path}", fields).status_code == 403


def test_a_brand_has_words_of_its_own_in_each_language(staff_client, client, shop):
    with shop.app.app_context(), shop.entered():
        tenancy_service.keep_setting("languages", ["de"])
    page = staff_client.get("/admin/branding").text
    place = re.search(r'name="words-(\d+)-key" value="de\.bag"', page)[1]
    words = {"words-0-key": "bag", "words-0-word": "Pack"}
    words |= {f"words-{place}-key": "de.bag", f"words-{place}-word": "Rucksack"}

    staff_client.post_form("/admin/branding", FORM | words)
    staff_client.post_form("/admin/branding/publish")

    assert "Pack" in client.get("/cart").text
    german = client.get("/de/cart").text
    assert "Rucksack" in german
    assert "Pack," not in german
    assert queries.BrandTokens.from_table({"words": {"de.bag": "x"}}).own_word("bag", "de") == "x"
    for unknown in ("xx.bag", "de.nothing", ".bag"):
        with pytest.raises(InvalidInput):
            BrandTokens.from_table({"words": {unknown: "x"}})
