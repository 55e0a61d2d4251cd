"""Pages, menus and the home page are written as asked, and every new shop has them."""

from __future__ import annotations

import msgspec
import pytest

from app.core import db
from app.core.access import system_actor
from app.core.errors import NotFound
from app.core.ids import new_id
from app.shop.pages import queries, service
from app.shop.pages.errors import PageHandleTaken
from app.shop.pages.models import HomeSection
from app.shop.pages.schemas import Hero, MenuForm, MenuLink, NewPage, Usp, UspItem

BY = system_actor("tests")


def test_a_new_shop_has_the_pages_and_menus_that_every_shop_needs(in_shop):
    assert {page.handle for page in queries.pages()} == {"about", "contact", "delivery", "privacy", "returns", "terms"}
    menus = queries.menus()
    assert [link.href for link in menus.main] == ["/collections/all", "/pages/about", "/pages/contact"]
    assert menus.footer_help
    assert [type(section).__name__ for section in queries.home_sections()] == ["Hero", "Usp", "Products", "Collections"]


def test_a_page_gets_its_address_from_its_title(in_shop):
    assert service.create_page(NewPage("How a mug is made"), by=BY).handle == "how-a-mug-is-made"


def test_two_pages_cannot_share_an_address(in_shop):
    with pytest.raises(PageHandleTaken):
        service.create_page(NewPage("About"), by=BY)

    journal = service.create_page(NewPage("Journal"), by=BY)
    with pytest.raises(PageHandleTaken):
        service.update_page(journal.id, NewPage("Journal", handle="about"), by=BY)


def test_writing_a_page_again_changes_it_instead_of_refusing(in_shop):
    before = len(queries.pages())

    service.write_page(NewPage("About us", handle="about", body="We."), by=BY)

    assert len(queries.pages()) == before
    assert queries.page_by_handle("about").body == "We."


def test_a_draft_and_a_deleted_page_are_not_found(in_shop):
    page = service.create_page(NewPage("Journal", status="draft"), by=BY)
    with pytest.raises(NotFound):
        queries.page_by_handle("journal")

    service.delete_page(page.id, by=BY)
    with pytest.raises(NotFound):
        queries.page_by_id(page.id)
    with pytest.raises(NotFound):
        service.delete_page(new_id(), by=BY)


def test_a_menu_drops_empty_rows_and_keeps_the_order(in_shop):
    links = [MenuLink("B", "/b"), MenuLink(), MenuLink("A", "https://a.example")]

    service.write_menu("main", links, by=BY)

    assert [(link.label, link.href) for link in queries.menu("main")] == [("B", "/b"), ("A", "https://a.example")]


def test_there_are_only_the_menus_that_a_page_shows(in_shop):
    with pytest.raises(NotFound):
        service.write_menu("sidebar", [], by=BY)

    assert queries.menu("sidebar") == []


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://plain.example", "about"]
)
def test_a_menu_leads_nowhere_dangerous(href):
    assert MenuForm([MenuLink("Click", href)]).problems() == {
        "entries-0-href": "Start with / for a page of this shop, or with https://."
    }


def test_a_link_without_a_name_is_asked_for_one():
    assert "entries-0-label" in MenuForm([MenuLink("", "/about")]).problems()


def test_the_home_page_consists_of_the_given_sections_in_their_order(in_shop):
    service.write_home([Usp([UspItem("Fast")]), {"kind": "hero", "title": "Hello"}], by=BY)

    assert queries.home_sections() == [Usp([UspItem("Fast")]), Hero(title="Hello")]


@pytest.mark.parametrize(
    "section", [{"kind": "nonsense"}, {"kind": "hero", "colour": "red"}, {"kind": "products", "limit": 0}]
)
def test_a_section_that_fits_no_kind_is_refused_and_nothing_is_lost(in_shop, section):
    before = queries.home_sections()

    with pytest.raises(msgspec.ValidationError):
        service.write_home([section], by=BY)

    assert queries.home_sections() == before


def test_a_section_written_by_another_release_is_left_out(in_shop):
    db.add(HomeSection(kind="hero", position=99, content={"unknown": 1}))
    db.flush()

    assert len(queries.home_sections()) == 4
