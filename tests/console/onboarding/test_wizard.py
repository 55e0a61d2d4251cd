"""The sign-up wizard, as somebody without JavaScript meets it, and with."""

import io
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app.console.onboarding import drafts, opening
from app.console.onboarding.models import WizardDraft
from app.core import clock, db
from app.platform.branding import queries as branding
from app.platform.staff import queries as staff
from app.platform.tenancy import queries as tenancy
from app.shop.catalog import queries as catalog
from app.shop.payments import queries as payments
from tests.factories.tenancy import picture


@pytest.fixture
def slug():
    return f"w{uuid.uuid4().hex[:10]}"


def inside(app, slug):
    """A unit of work in the shop at an address."""
    return db.unit_of_work(tenancy.tenant_named(slug).id)


def test_the_platforms_root_leads_to_its_front_page(newcomer):
    assert newcomer.get("/").headers["Location"] == "/welcome"
    front = newcomer.get("/welcome")

    assert front.status_code == 200
    assert 'href="/start"' in front.text


def test_a_shop_opens_in_six_steps_and_its_owner_walks_in(app, newcomer, slug):
    newcomer.answer_all(slug, name="Acme Tools", country="DE")

    answer = newcomer.open(f"ann@{slug}.example")

    entry = urlsplit(answer.headers["Location"])
    assert (answer.status_code, entry.hostname) == (303, f"{slug}.localhost")
    with app.app_context(), inside(app, slug):
        shop = tenancy.current_shop()
        assert (shop.name, shop.currency, shop.country) == ("Acme Tools", "EUR", "DE")
        assert branding.published().tokens.colour == "#a8492a"
        assert {method.code for method in payments.all_methods() if method.is_enabled} == {"testpay"}
        assert staff.staff_by_email(f"ann@{slug}.example").is_owner
    browser = newcomer.browser.at(entry.hostname, tenancy_id(app, slug))
    walked_in = browser.get(f"{entry.path}?{entry.query}")
    assert walked_in.status_code in {200, 303}


def tenancy_id(app, slug):
    """The tenant at an address."""
    with app.app_context():
        return tenancy.tenant_named(slug).id


def test_accepting_every_default_takes_two_forms_and_fills_the_shop(app, newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)
    skipped = newcomer.answer("brand", then="skip", start="starter", pick="", colour="", font_pair="")
    answer = newcomer.open(f"ann@{slug}.example")

    assert skipped.headers["Location"] == "/start/account"
    assert answer.status_code == 303
    with app.app_context(), inside(app, slug):
        assert catalog.count_products() == catalog.count_samples() == 8


def test_each_step_can_be_left_and_resumed(newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)
    newcomer.answer("brand", start="kiln", pick="own", colour="#123456", font_pair="system")

    assert newcomer.get("/start").headers["Location"] == "/start/region"
    page = newcomer.get("/start/brand").text
    assert 'value="#123456"' in page
    assert re.search(r'value="kiln" checked', page)


def test_going_back_keeps_even_what_is_not_right_yet(newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    back = newcomer.answer("region", then="back", country="Atlantis", currency="", tax="")
    newcomer.answer("payment", then="back", bank_transfer="1", bank_details="")

    assert back.headers["Location"] == "/start/brand"
    assert newcomer.get("/start/payment").text.count("checked") >= 1
    assert newcomer.get("/start").headers["Location"] != "/start/account"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_taken_address_is_said_beside_the_field_with_free_ones(newcomer, shop, htmx):
    answer = newcomer.browser.post_form(
        "/start/shop", {"name": "Kept name", "slug": shop.slug, "then": "on"}, htmx=htmx
    )

    assert answer.status_code == 422
    assert f"{shop.slug} is taken. Free: {shop.slug}-shop" in answer.text
    assert 'value="Kept name"' in answer.text


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        ("shop", {"name": "", "slug": ""}, "Please fill this in."),
        ("shop", {"name": "Acme", "slug": "admin"}, "admin is reserved"),
        ("shop", {"name": "Acme", "slug": "xn--80ak6aa92e"}, "Two hyphens"),
        ("brand", {"start": "starter", "pick": "own", "colour": "reddish", "font_pair": ""}, "Write a colour such as"),
        ("brand", {"start": "starter", "pick": "", "colour": "", "font_pair": "comic"}, "one of the offered pairs"),
        ("region", {"country": "XX", "currency": "", "tax": ""}, "Choose a country from the list."),
        ("catalogue", {"choice": "product", "title": "", "price": "1"}, "Give the product a name."),
        ("catalogue", {"choice": "product", "title": "Cup", "price": "cheap"}, "Write a price such as 12.50."),
        ("payment", {"bank_details": ""}, "Choose at least one way to pay"),
        ("payment", {"bank_transfer": "1", "bank_details": ""}, "Write the account that buyers transfer to"),
        ("account", {"email": "nobody", "password": "a long enough sentence"}, "Write an e-mail address"),
    ],
)
def test_each_mistake_is_one_sentence_and_loses_nothing(newcomer, slug, step, fields, sentence):
    newcomer.answer("shop", name="Acme", slug=slug)

    answer = newcomer.answer(step, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    for value in (fields.get("title"), fields.get("price"), fields.get("email")):
        assert not value or f'value="{value}"' in answer.text


def test_a_short_password_is_refused_and_nothing_opens(app, newcomer, slug):
    newcomer.answer_all(slug)

    answer = newcomer.open(f"ann@{slug}.example", "pw-xyz")

    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text
    assert "pw-xyz" not in answer.text
    with app.app_context():
        assert tenancy.tenant_by_slug(slug) is None


def test_of_two_wizards_with_one_address_one_opens_and_the_other_hears_of_free_ones(
    app, newcomer, other_newcomer, slug
):
    newcomer.answer_all(slug, name="First")
    other_newcomer.answer_all(slug, name="Second")

    first = newcomer.open(f"first@{slug}.example")
    second = other_newcomer.open(f"second@{slug}.example")

    assert first.headers["Location"].startswith(f"http://{slug}.localhost")
    assert second.headers["Location"] == "/start/shop"
    again = other_newcomer.get("/start/shop").text
    assert f"{slug} is taken." in again
    assert f"{slug}-shop" in again
    assert 'value="Second"' in again


def test_two_who_finish_at_the_same_moment_get_one_shop_between_them(app, newcomer, other_newcomer, slug):
    people = [newcomer, other_newcomer]
    for number, person in enumerate(people):
        person.answer_all(slug, name=f"Number {number}")

    with ThreadPoolExecutor(2) as at_once:
        answers = list(at_once.map(lambda person: person.open(f"x{id(person)}@{slug}.example"), people))

    places = sorted(answer.headers["Location"][:8] for answer in answers)
    assert places == ["/start/s", "http://w"]


def test_an_opening_that_was_interrupted_is_finished_by_the_next_click(app, newcomer, slug, monkeypatch):
    newcomer.answer_all(slug, choice="samples")

    def crash(*_):
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(opening, "_furnish", crash)
    with pytest.raises(RuntimeError):
        newcomer.open(f"ann@{slug}.example")
    monkeypatch.undo()
    answer = newcomer.open(f"ann@{slug}.example")

    assert answer.status_code == 303
    with app.app_context(), inside(app, slug):
        assert catalog.count_samples() == 8
        assert len(staff.all_staff()) == 1


def test_ones_own_first_product_is_on_sale_with_its_picture(app, newcomer, slug):
    newcomer.answer_all(slug, country="DE")
    photo = (io.BytesIO(picture("red")), "cup.png")
    newcomer.answer("catalogue", choice="product", title="Blue cup", price="12,50", stock="7", photo=photo)

    newcomer.open(f"ann@{slug}.example")

    with app.app_context(), inside(app, slug):
        cup = catalog.product_by_handle("blue-cup")
        assert (cup.variants[0].price, cup.variants[0].on_hand, len(cup.images)) == (1250, 7, 1)


LIST = "Handle,Title,Variant Price,Published\ncup,Blue cup,12.50,true\nplate,White plate,8.00,true\n"


def test_a_list_from_another_shop_comes_in_by_the_job(app, newcomer, slug, run_jobs):
    newcomer.answer_all(slug)
    newcomer.answer(
        "catalogue", choice="csv", title="", price="", stock="", csv=(io.BytesIO(LIST.encode()), "list.csv")
    )

    newcomer.open(f"ann@{slug}.example")
    run_jobs()

    with app.app_context(), inside(app, slug):
        assert catalog.product_by_handle("plate").variants[0].price == 800


def test_a_file_that_is_no_list_is_refused_at_its_step(newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    answer = newcomer.answer(
        "catalogue", choice="csv", title="", price="", stock="", csv=(io.BytesIO(b"\x00\x01\x02 no list"), "list.csv")
    )

    assert answer.status_code == 422


def test_a_logo_gives_its_colours_and_becomes_the_shops(app, newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    given = newcomer.browser.post_form("/start/brand/logo", {"logo": (io.BytesIO(picture("#c02040")), "logo.png")})
    page = newcomer.get("/start/brand").text

    assert given.headers["Location"] == "/start/brand"
    assert "From your logo" in page
    assert newcomer.get("/start/logo").mimetype == "image/png"
    newcomer.answer_all(slug)
    newcomer.open(f"ann@{slug}.example")
    with app.app_context(), inside(app, slug):
        assert branding.published().tokens.logo_key


def test_a_logo_that_cannot_be_read_is_refused_with_a_sentence(newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    answer = newcomer.browser.post_form("/start/brand/logo", {"logo": (io.BytesIO(b"no picture"), "logo.png")})

    assert answer.status_code == 422
    assert "no PNG, JPEG, WebP or GIF" in answer.text


def test_the_address_is_checked_while_it_is_typed(newcomer, shop):
    free = newcomer.browser.get_fragment("/start/address?name=A+Free+Name&slug=")
    taken = newcomer.browser.get_fragment(f"/start/address?slug={shop.slug}")

    assert "a-free-name.localhost is free." in free.text
    assert "is taken." in taken.text
    assert "<html" not in taken.text


def test_the_preview_shows_the_colour_that_was_picked_in_the_frame_beside(newcomer, slug):
    newcomer.answer("shop", name="Seen in preview", slug=slug)
    query = "start=starter&pick=%236a38e8&font_pair=fraunces"

    frame = newcomer.browser.get_fragment(f"/start/look?{query}")
    preview = newcomer.get(f"/start/preview?{query}")
    css = newcomer.get(f"/start/preview.css?{query}")

    assert "/start/preview?" in frame.text
    assert "Seen in preview" in preview.text
    assert (css.mimetype, "#6a38e8" in css.text) == ("text/css", True)


def test_a_colour_in_the_preview_is_never_pasted_into_the_style_sheet(newcomer):
    css = newcomer.get("/start/preview.css?start=starter&pick=own&colour=red}x{")

    assert css.status_code == 200
    assert "red}x{" not in css.text


def test_a_draft_belongs_to_its_browser(newcomer, other_newcomer, slug):
    newcomer.answer("shop", name="Mine alone", slug=slug)

    assert "Mine alone" not in other_newcomer.get("/start/shop").text
    assert other_newcomer.get("/start/brand").headers["Location"] == "/start/shop"
    assert other_newcomer.get("/start/logo").status_code == 404


def test_a_draft_ends_and_leaves_nothing(app, newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    with app.app_context(), clock.frozen(clock.now() + timedelta(days=8)):
        drafts.forget_expired()
        db.checkpoint()
        assert db.catalogue.query(WizardDraft).filter(WizardDraft.answers["shop"]["slug"].astext == slug).count() == 0

    assert newcomer.get("/start/brand").headers["Location"] == "/start/shop"


def test_neither_token_nor_password_is_stored(app, newcomer, slug):
    newcomer.answer_all(slug)
    newcomer.open(f"ann@{slug}.example", "short")
    token = newcomer.browser.get_cookie("wizard").value

    with app.app_context():
        draft = drafts.find(token)
        assert token not in str(draft.__dict__)
        assert "password" not in str(draft.answers)


def test_starting_over_forgets_the_draft(newcomer, slug):
    newcomer.answer("shop", name="Acme", slug=slug)

    over = newcomer.browser.post_form("/start/over")

    assert over.headers["Location"] == "/start/shop"
    assert "Acme" not in newcomer.get("/start/shop").text


def test_a_field_that_the_form_does_not_have_is_refused(newcomer):
    answer = newcomer.answer("shop", name="Acme", slug="", is_operator="1")

    assert answer.status_code == 422


def test_a_form_of_another_site_is_refused(newcomer):
    answer = newcomer.browser.post("/start/shop", data={"name": "Acme"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


def test_the_wizard_is_not_on_a_shops_host(client):
    assert client.get("/start").status_code == 404
    assert client.get("/welcome").status_code == 404


def test_an_unknown_step_is_not_there(newcomer):
    assert newcomer.get("/start/nonsense").status_code == 404


def test_opening_many_shops_from_one_address_is_slowed_down(app, newcomer, slug):
    newcomer.answer_all(slug)
    statuses = [newcomer.open(f"ann@{slug}.example", "short").status_code for _ in range(22)]

    assert statuses[0] == 422
    assert statuses[-1] == 429
