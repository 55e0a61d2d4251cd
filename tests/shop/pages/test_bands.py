"""The home page is edited in the brand's draft: section by section, published and brought back with the look."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from PIL import Image

from app.core import access, db
from app.core.errors import InvalidInput, NotFound
from app.core.ids import new_id
from app.platform.branding import queries as branding
from app.platform.branding import service as brand_service
from app.shop.pages import bands, home_editor, queries
from app.shop.pages.models import SECTION_KINDS
from app.shop.pages.sections import KINDS, TITLES, SectionImage

BY = access.system_actor("tests")
BUTTONS = ("move", "show", "copy", "remove")


def kinds(found):
    return [band.kind for band in found]


def png():
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "#a8492a").save(out, "PNG")
    out.seek(0)
    return out


def key_of(staff_client, place=0):
    return re.findall(r"/admin/home-page/([0-9a-f-]{36})\"", staff_client.get("/admin/home-page").text)[place]


def test_a_change_is_seen_in_the_draft_and_not_in_the_shop(in_shop):
    before = queries.home_bands()

    band = bands.add("quote", by=BY)
    bands.fill(band.key, {"text": "Lovely", "author": "Ana"}, None, by=BY)

    assert kinds(bands.draft()) == ["hero", "usp", "products", "collections", "quote"]
    assert bands.find(band.key).is_visible
    assert queries.home_bands() == before


def test_publishing_the_brand_publishes_the_home_page_and_keeps_the_keys(in_shop):
    before = queries.home_bands()
    band = bands.add("quote", by=BY)
    bands.fill(band.key, {"text": "Lovely"}, None, by=BY)
    bands.move(band.key, -1, by=BY)

    brand_service.publish(by=BY)

    after = queries.home_bands()
    assert kinds(after) == ["hero", "usp", "products", "quote", "collections"]
    assert {one.key for one in before} < {one.key for one in after}


def test_an_older_version_brings_its_home_page_back(in_shop):
    brand_service.save_draft(branding.draft().tokens, by=BY)
    first = brand_service.publish(by=BY)
    as_it_was = queries.home_bands()
    bands.remove(as_it_was[0].key, by=BY)
    brand_service.publish(by=BY)
    assert kinds(queries.home_bands()) == ["usp", "products", "collections"]

    brand_service.revert(first.number, by=BY)

    assert queries.home_bands() == as_it_was


def test_a_new_look_leaves_the_home_page_alone(in_shop):
    before = queries.home_bands()

    brand_service.save_draft(msgspec.structs.replace(branding.draft().tokens, colour="#a8492a"), by=BY)
    brand_service.publish(by=BY)

    assert queries.home_bands() == before


def test_a_removed_section_comes_back_with_undo(in_shop):
    before = bands.draft()
    bands.remove(before[0].key, by=BY)
    bands.toggle(before[1].key, by=BY)
    assert kinds(bands.draft()) == ["usp", "products", "collections"]

    brand_service.undo(by=BY)
    brand_service.undo(by=BY)

    assert bands.draft() == before


def test_a_copy_stands_below_and_has_a_key_of_its_own(in_shop):
    first = bands.draft()[0]

    copy = bands.duplicate(first.key, by=BY)

    assert bands.draft()[1] == copy
    assert copy.key != first.key
    assert copy.section == first.section


def test_dragging_leaves_an_order_and_loses_nothing(in_shop):
    before = bands.draft()
    keys = [band.key for band in before]

    bands.arrange([keys[2], new_id(), keys[0]], by=BY)

    assert [band.key for band in bands.draft()] == [keys[2], keys[0], keys[1], keys[3]]


def test_there_is_an_end_to_a_home_page(in_shop):
    while len(bands.draft()) < bands.MOST:
        bands.add("text", by=BY)

    with pytest.raises(InvalidInput):
        bands.add("text", by=BY)


def test_another_kind_and_another_key_are_not_found(in_shop):
    for act in (
        lambda: bands.add("script", by=BY),
        lambda: bands.find(new_id()),
        lambda: bands.remove(new_id(), by=BY),
        lambda: bands.move(new_id(), 1, by=BY),
        lambda: bands.fill(new_id(), {}, None, by=BY),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_another_release_wrote_is_left_out(in_shop):
    home = bands.describe()
    home["bands"][0]["section"]["unknown"] = 1
    brand_service.save_home(home, by=BY)

    assert kinds(bands.draft()) == ["usp", "products", "collections"]


def test_every_kind_has_a_row_a_title_a_template_and_a_form(in_shop):
    assert set(SECTION_KINDS) == set(KINDS) == set(TITLES)
    form = set(home_editor.BandForm.__struct_fields__)
    for kind, struct in KINDS.items():
        names = {one.name for one in home_editor.controls(kind)}
        assert names == set(struct.__struct_fields__)
        assert names - {"image"} <= form
        assert all(one.label != one.name for one in home_editor.controls(kind) if one.control != "rows")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_added_filled_and_shown(staff_client, shop, make_product, kind):
    make_product(title="Moon vase", handle="moon-vase")
    added = staff_client.post_form("/admin/home-page", {"kind": kind})
    address = added.headers["Location"]
    fields = {"title": "A title", "text": "Some words", "picture_alt": "A vase", "picture": (png(), "x.png")}
    fields |= {"items-0-text": "Fast", "items-0-icon": "truck", "items-0-question": "Why?", "items-0-answer": "So."}

    assert staff_client.get(address).status_code == 200
    assert staff_client.post_form(address, fields).status_code == 303
    assert staff_client.get(address).status_code == 200
    staff_client.post_form("/admin/branding/publish")

    assert shop.browser().get("/").status_code == 200
    with shop.app.app_context(), shop.entered():
        assert kinds(queries.home_bands())[-1] == kind


def test_a_picture_needs_words_for_those_who_cannot_see_it(staff_client, shop):
    address = staff_client.post_form("/admin/home-page", {"kind": "image"}).headers["Location"]

    refused = staff_client.post_form(address, {"picture": (png(), "x.png")})

    assert refused.status_code == 422
    assert "Say in a few words" in refused.text
    with shop.app.app_context(), shop.entered():
        assert bands.draft()[-1].section.image is None


def test_a_picture_stays_until_it_is_removed(in_shop):
    band = bands.add("image", by=BY)
    picture = SectionImage("images/" + "0" * 64 + ".png", "A vase", 60, 60)

    bands.fill(band.key, {"caption": "One"}, picture, by=BY)

    assert bands.find(band.key).section.image == picture


@pytest.mark.parametrize("href", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://x.example"])
def test_a_button_leads_nowhere_dangerous(staff_client, href):
    answer = staff_client.post_form(f"/admin/home-page/{key_of(staff_client)}", {"title": "x", "button_href": href})

    assert answer.status_code == 422
    assert "Start with /" in answer.text


def test_buttons_move_hide_copy_and_remove(staff_client, shop):
    key = key_of(staff_client)
    for path, fields in (("move", {"step": "1"}), ("show", {}), ("copy", {}), ("remove", {})):
        assert staff_client.post_form(f"/admin/home-page/{key}/{path}", fields).status_code == 303
    with shop.app.app_context(), shop.entered():
        found = bands.draft()
        assert kinds(found) == ["usp", "hero", "products", "collections"]
        assert not found[1].is_visible
    assert "Hidden" in staff_client.get("/admin/home-page").text


def test_the_frame_shows_the_draft_and_visitors_do_not(staff_client, client):
    staff_client.post_form(f"/admin/home-page/{key_of(staff_client)}", {"title": "A new claim"})
    frame = re.search(r'<iframe src="([^"]+)"', staff_client.get("/admin/home-page").text)[1]

    assert "A new claim" in staff_client.get(frame, headers={"Sec-Fetch-Dest": "iframe"}).text
    assert "A new claim" not in client.get("/").text


def test_another_shops_section_is_as_unknown_as_one_that_never_was(staff_client, other_shop):
    with other_shop.app.app_context(), other_shop.entered():
        theirs = queries.home_bands()[0].key

    for path in BUTTONS:
        fields = {"step": "1"} if path == "move" else {}
        foreign = staff_client.post_form(f"/admin/home-page/{theirs}/{path}", fields)
        random = staff_client.post_form(f"/admin/home-page/{new_id()}/{path}", fields)
        assert foreign.status_code == random.status_code == 404
    with other_shop.app.app_context(), other_shop.entered():
        assert queries.home_bands()[0].key == theirs


def test_strangers_and_readers_change_nothing(client, staff_client, monkeypatch, shop):
    key = key_of(staff_client)
    assert client.get("/admin/home-page").status_code in {302, 303}
    assert client.post_form("/admin/home-page", {"kind": "quote"}).status_code in {302, 303, 401}

    reader = access.Actor("staff", name="Reader", permissions=frozenset({"pages.read"}))
    monkeypatch.setattr(access, "_identify", [lambda: reader])
    assert staff_client.get(f"/admin/home-page/{key}").status_code == 200
    for path in ("", f"/{key}", "/order", *(f"/{key}/{one}" for one in BUTTONS)):
        assert staff_client.post_form(f"/admin/home-page{path}", {"kind": "quote"}).status_code == 403
    with shop.app.app_context(), shop.entered():
        assert branding.draft_version() is None
        db.session.rollback()
