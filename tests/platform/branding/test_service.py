"""Draft, publish, revert: what visitors see, and who did it."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from app.core import access, db, storage
from app.core.errors import InvalidInput, NotFound
from app.platform.branding import queries, service
from app.platform.branding.errors import AlreadyPublished, NothingToPublish
from app.platform.branding.look import UnreadableLogo
from app.platform.tenancy import queries as tenancy
from app.ui.theme import BrandTokens

RUST, LIME, VIOLET = "#a8492a", "#c8f03c", "#6a38e8"
BY = access.system_actor("tests")


def publish(colour, **tokens):
    return service.publish_tokens(BrandTokens(colour=colour, **tokens), by=BY)


def png(colour="#a8492a", size=(80, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def test_a_new_shop_has_the_default_look_under_its_own_name(in_shop):
    brand = queries.published()

    assert brand.tokens == BrandTokens()
    assert brand.name == in_shop.name
    assert not brand.is_draft


def test_a_draft_is_seen_by_nobody_until_it_is_published(in_shop, published):
    service.save_draft(BrandTokens(colour=RUST), by=BY)

    assert queries.draft().tokens.colour == RUST
    assert queries.draft().is_draft
    assert queries.published().tokens == BrandTokens()
    assert "branding.brand_published" not in published()


def test_publishing_shows_the_draft_and_says_so(in_shop, published):
    service.save_draft(BrandTokens(colour=RUST), by=BY)

    version = service.publish(by=BY)

    shop = tenancy.current_shop()
    assert queries.published().tokens.colour == RUST
    assert (shop.brand_version, shop.brand_hash) == (version.number, queries.published().css_hash)
    assert "branding.brand_published" in published()
    assert queries.draft_version() is None


def test_nothing_can_be_published_without_a_draft(in_shop):
    publish(RUST)

    with pytest.raises(NothingToPublish):
        service.publish(by=BY)

    assert queries.published().tokens.colour == RUST


def test_a_draft_starts_from_what_is_published_and_keeps_its_words(in_shop):
    publish(RUST, words={"bag": "Basket"})

    service.remove_logo(by=BY)

    assert queries.draft().tokens.colour == RUST
    assert queries.draft().word("bag") == "Basket"


def test_an_older_version_comes_back_under_its_own_style_sheet(in_shop):
    first = publish(RUST)
    first_css = queries.published().css_url
    publish(LIME)

    service.revert(first.number, by=BY)

    assert queries.published().css_url == first_css
    assert [(one.number, one.status) for one in queries.history()] == [(2, "superseded"), (1, "published")]


def test_going_back_leaves_the_draft_alone(in_shop):
    first = publish(RUST)
    publish(LIME)
    service.save_draft(BrandTokens(colour=VIOLET), by=BY)

    service.revert(first.number, by=BY)

    assert queries.draft().tokens.colour == VIOLET


def test_the_published_version_cannot_be_brought_back(in_shop):
    version = publish(RUST)

    with pytest.raises(AlreadyPublished):
        service.revert(version.number, by=BY)


@pytest.mark.parametrize("number", [0, 99])
def test_a_version_that_never_was_cannot_be_brought_back(in_shop, number):
    publish(RUST)

    with pytest.raises(NotFound):
        service.revert(number, by=BY)

    assert queries.published().tokens.colour == RUST


def test_the_draft_itself_is_no_older_version(in_shop):
    draft = service.save_draft(BrandTokens(colour=RUST), by=BY)

    with pytest.raises(NotFound):
        service.revert(draft.number, by=BY)


def test_a_discarded_draft_is_gone(in_shop):
    publish(RUST)
    service.save_draft(BrandTokens(colour=LIME), by=BY)

    service.discard_draft(by=BY)
    service.discard_draft(by=BY)

    assert queries.draft_version() is None
    assert queries.draft().tokens.colour == RUST


def test_the_same_look_twice_makes_one_version(in_shop):
    assert publish(RUST).number == publish(RUST).number


def test_a_style_sheet_stays_available_after_another_one_is_published(in_shop):
    publish(RUST)
    old = queries.published().css_hash
    publish(LIME)

    assert f"--brand: {RUST};" in queries.css_named(old)


def test_a_refused_colour_changes_nothing(in_shop):
    service.save_draft(BrandTokens(colour=RUST), by=BY)

    with pytest.raises(InvalidInput):
        service.save_draft(BrandTokens(colour="red"), by=BY)

    assert queries.draft().tokens.colour == RUST


def test_a_logo_is_kept_drawn_again_and_its_colours_are_found(in_shop):
    version = service.set_logo(png(), by=BY)

    brand = queries.draft()
    assert version.logo_colours == [RUST]
    assert re.fullmatch(r"/media/brand/[0-9a-f]{64}\.png", brand.logo_url)
    assert Image.open(io.BytesIO(storage.read(brand.tokens.logo_key))).size == (80, 40)
    assert queries.published().logo_url == ""


def test_an_unreadable_logo_leaves_the_draft_as_it_was(in_shop):
    service.set_logo(png(), by=BY)
    key = queries.draft().tokens.logo_key

    with pytest.raises(UnreadableLogo):
        service.set_logo(b"<svg onload=alert(1)>", by=BY)

    assert queries.draft().tokens.logo_key == key


def test_brands_of_two_shops_know_nothing_of_each_other(app, shop, other_shop):
    with app.app_context(), shop.entered():
        publish(RUST)
    with app.app_context(), shop.entered():
        hash_of_the_first = queries.published().css_hash

    with app.app_context(), other_shop.entered():
        assert queries.published().tokens == BrandTokens()
        assert list(queries.history()) == []
        with pytest.raises(NotFound):
            queries.css_named(hash_of_the_first)


def test_who_published_is_written_down(in_shop):
    service.save_draft(BrandTokens(colour=RUST), by=BY)
    version = service.publish(by=access.Actor("staff", name="Rita"))
    db.flush()

    assert version.published_by == "Rita"
    assert version.published_at is not None


def test_changes_that_arrive_together_begin_one_draft(app, shop):
    """An editor that sends faster than it is answered: without the lock on the shop, all but one of these fail."""
    together = threading.Barrier(4)

    def save(colour):
        with app.app_context(), shop.entered():
            tenancy.current_shop()
            together.wait(10)
            service.save_draft(BrandTokens(colour=colour), by=BY)
        return colour

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(save, [RUST, LIME, VIOLET, "#123456"]))

    with app.app_context(), shop.entered():
        assert queries.draft().tokens.colour in saved
        assert queries.draft_version().number == 1
