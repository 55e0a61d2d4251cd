"""Every page of the product, found in the list of routes, opened in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Browser

from tests.e2e import pages
from tests.e2e.camera import DESKTOP, PHONE_DARK_RTL, ZOOMED, Camera, State
from tests.e2e.installation import Installation
from tests.e2e.pages import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("installation")]


@pytest.fixture(scope="module")
def planned(installation: Installation) -> Plan:
    """All pages of this installation."""
    return pages.plan(installation)


@pytest.fixture(scope="module")
def camera(chromium: Browser, installation: Installation, planned: Plan) -> Iterator[Camera]:
    """A camera that everybody shares."""
    one = Camera(chromium, installation, planned.persons)
    yield one
    one.close()


def test_every_route_that_answers_a_page_can_be_opened(planned):
    assert planned.uncovered == []
    assert len(planned.shots) > 90


@pytest.mark.parametrize("state", [DESKTOP, PHONE_DARK_RTL], ids=lambda state: state.name)
def test_no_page_breaks_a_rule(planned, camera, state):
    """Half of the pages in each state, to keep the run short; `./livery screens` takes each in all four."""
    first = 0 if state is DESKTOP else 1

    seen = [camera.look(shot, state) for shot in islice(planned.shots, first, None, 2)]

    assert [f"{one.shot.name}: {text}" for one in seen for text in one.complaints] == []


KINDS = (
    "pages_storefront.home", "catalog_storefront.collection", "catalog_storefront.product", "checkout_storefront.cart",
    "checkout_storefront.checkout", "search.found", "customers_storefront.sign_in", "pages_storefront.text_page",
    "home_backoffice.index", "orders_backoffice.index", "orders_backoffice.show", "catalog_backoffice.index",
    "catalog_backoffice.show", "branding_backoffice.index", "staff_backoffice.index", "error.shop",
    "onboarding_console.landing",
)  # fmt: skip
"""One page of each kind: shelves, words, forms, lists, the editor."""


@pytest.mark.parametrize("kinds", [KINDS], ids=["every kind"])
def test_pages_hold_at_200_percent_and_in_the_readers_own_colours(planned, camera, kinds):
    by_name = {shot.name: shot for shot in planned.shots}

    seen = [camera.look(by_name[name], ZOOMED) for name in kinds]

    assert [f"{one.shot.name}: {text}" for one in seen for text in one.complaints] == []


def test_the_camera_sees_what_is_wrong(installation, chromium, planned):
    """The negative control: a page without a name for its picture, too wide, with a script that the policy blocks."""
    camera = Camera(chromium, installation, planned.persons)
    shot = next(shot for shot in planned.shots if shot.name == "pages_storefront.home")
    spoil = """addEventListener("DOMContentLoaded", () => {
        const wrong = "<img src='/favicon.ico'><canvas width=2000 height=9></canvas><p onclick='1'>x</p>";
        document.querySelector("main").insertAdjacentHTML("beforeend", wrong);
    });"""
    camera.before_each = spoil

    said = " ".join(camera.look(shot, State("spoiled", 390, 844, is_phone=True)).complaints)
    camera.close()

    assert "image-alt" in said
    assert "scrolls sideways" in said
    assert "blocks inline" in said
