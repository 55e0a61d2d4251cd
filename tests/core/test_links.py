"""Signed links end, and belong to one purpose and one tenant."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from app.core import clock, isolation, links
from app.core.errors import NotFound


@pytest.fixture(autouse=True)
def settled(configured):
    return configured


def test_what_was_signed_comes_back():
    assert links.unsign("order", links.sign("order", {"n": 7}, 60)) == {"n": 7}


def test_a_link_ends():
    token = links.sign("order", {"n": 7}, 60)

    with clock.frozen(clock.now() + timedelta(seconds=61)), pytest.raises(NotFound):
        links.unsign("order", token)


def turned(token: str) -> str:
    """With another letter near the end; the last one holds bits that nobody reads."""
    return f"{token[:-2]}{'a' if token[-2] != 'a' else 'b'}{token[-1]}"


@pytest.mark.parametrize("damage", [turned, lambda t: "", lambda t: "x.y"])
def test_a_forged_link_is_unknown(damage):
    with pytest.raises(NotFound):
        links.unsign("order", damage(links.sign("order", {"n": 7}, 60)))


def test_a_link_of_another_purpose_is_unknown():
    with pytest.raises(NotFound):
        links.unsign("reset", links.sign("order", {"n": 7}, 60))


def test_a_link_of_another_tenant_is_unknown():
    with isolation.entered(uuid.uuid4()):
        token = links.sign("order", {"n": 7}, 60)

    with isolation.entered(uuid.uuid4()), pytest.raises(NotFound):
        links.unsign("order", token)
