"""Which addresses a shop may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platform.tenancy import addresses


@pytest.mark.parametrize("slug", ["acme", "acme-tools", "a1b", "4you", "x" * 40])
def test_a_plain_name_is_an_address(slug):
    assert addresses.shape_problem(slug) is None


@pytest.mark.parametrize(
    ("slug", "part"),
    [
        ("", "Choose an address"),
        ("ab", "3 to 40"),
        ("x" * 41, "3 to 40"),
        ("Acme", "small letters"),
        ("acme.shop", "small letters"),
        ("acme_shop", "small letters"),
        ("-acme", "letter or digit first"),
        ("acme-", "letter or digit first"),
        ("ac me", "small letters"),
        ("münchen", "small letters"),
        ("xn--mnchen-3ya", "Two hyphens"),
        ("12345", "at least one letter"),
        ("admin", "reserved"),
        ("www", "reserved"),
        ("autodiscover", "reserved"),
    ],
)
def test_what_cannot_be_a_host_name_is_refused_with_a_sentence(slug, part):
    assert part in (addresses.shape_problem(slug) or "")


@given(st.text(max_size=60))
def test_every_suggestion_could_be_taken(text):
    assert all(addresses.shape_problem(near) is None for near in addresses.variations(text.lower()))
