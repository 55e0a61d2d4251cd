"""Form macros: what was typed comes back, and the sentence stands beside the field."""

import pytest
from flask import g, render_template_string
from werkzeug.datastructures import MultiDict

from app.core.forms import FormState

IMPORT = '{% import "ui/forms.html" as f %}{% import "ui/parts.html" as p %}'


@pytest.fixture
def draw(app):
    def drawn(source, state=None, **context):
        with app.test_request_context("/", base_url="http://localhost:8000"):
            g.place = "platform"
            if state:
                g.form = state
            return render_template_string(IMPORT + source, **context)

    return drawn


def bad(**values):
    return FormState(MultiDict(values), {"title": "Please fill this in."}, "Please check the marked fields.")


def test_a_fresh_field_shows_its_value_label_and_hint(draw):
    field = draw(
        '{{ f.text("title", "Title", "Moon vase", hint="As it stands in the shop.", required=true, maxlength=9) }}'
    )

    assert '<label for="f-title">Title</label>' in field
    assert 'value="Moon vase"' in field
    assert 'aria-describedby="f-title-hint"' in field
    assert " required" in field
    assert 'maxlength="9"' in field


def test_a_refused_field_shows_what_was_typed_and_the_sentence(draw):
    field = draw('{{ f.text("title", "Title", "before", hint="h") }}', bad(title="typed"))

    assert 'value="typed"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-title-hint f-title-error"' in field
    assert 'id="f-title-error"' in field
    assert "Please fill this in." in field


def test_what_was_typed_never_becomes_markup(draw):
    field = draw(
        '{{ f.text("title", "T") }}{{ f.textarea("text", "T") }}', bad(title='"><script>', text="</textarea><script>")
    )

    assert "<script>" not in field


def test_a_password_is_never_sent_back(draw):
    assert "secret" not in draw('{{ f.text("password", "Password", type="password") }}', bad(password="secret"))


def test_a_box_that_was_unticked_stays_unticked(draw):
    fresh = draw('{{ f.checkbox("news", "News", true) }}')
    again = draw('{{ f.checkbox("news", "News", true) }}', bad(title=""))

    assert " checked" in fresh
    assert " checked" not in again


def test_the_chosen_option_is_marked(draw):
    options = {"de": "Germany", "fr": "France"}

    assert '<option value="fr" selected>' in draw('{{ f.select("c", "C", options, "fr") }}', options=options)
    assert '<option value="de" selected>' in draw(
        '{{ f.select("c", "C", options, "fr") }}', bad(c="de"), options=options
    )


def test_one_of_several_is_marked(draw):
    drawn = draw('{{ f.radio("m", "Mode", (("a", "A"), ("b", "B", "detail")), "b") }}')

    assert 'value="b" checked' in drawn
    assert "<small>detail</small>" in drawn
    assert "<legend>Mode</legend>" in drawn


def test_an_amount_is_shown_as_it_is_typed(draw):
    assert 'value="12.50"' in draw('{{ f.money("price", "Price", 1250) }}')
    assert 'value=""' in draw('{{ f.money("price", "Price") }}')
    assert 'value="12,5x"' in draw('{{ f.money("price", "Price", 1250) }}', bad(price="12,5x"))


def test_the_summary_names_every_problem_with_a_link_and_is_absent_without_one(draw):
    assert draw("{{ f.summary() }}").strip() == ""
    summary = draw("{{ f.summary() }}", bad(title=""))
    assert '<a href="#f-title">Please fill this in.</a>' in summary
    assert 'role="alert"' in summary


def test_a_picture_offers_every_format_and_size(draw):
    renditions = [
        {"width": width, "height": width, "format": kind, "key": f"images/{'ab' * 32}.{kind}"}
        for kind in ("webp", "avif")
        for width in (720, 360)
    ]
    image = {"renditions": renditions, "key": renditions[0]["key"], "alt": "A vase", "width": 720, "height": 720}

    drawn = draw('{{ p.picture(image, sizes="50vw") }}', image=image)

    assert drawn.index("image/avif") < drawn.index("image/webp") < drawn.index("<img")
    assert " 360w, " in drawn
    assert 'alt="A vase"' in drawn
    assert 'loading="lazy"' in drawn


def test_a_missing_picture_draws_a_place_for_it(draw):
    assert "no-picture" in draw("{{ p.picture(none) }}")


def test_a_price_that_was_higher_says_so_to_everybody(draw):
    assert '<span class="sr">was </span>€20.00' in draw("{{ p.price(1500, 2000) }}")
    assert "<s>" not in draw("{{ p.price(1500, 1500) }}")
