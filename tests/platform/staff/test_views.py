"""Lists kept as views, for oneself and for the team, and keys that can be switched off."""

import re


def test_a_view_is_kept_without_its_place_and_shown_as_a_tab(staff_client):
    saved = staff_client.post_form(
        "/admin/views", {"list": "products", "title": "Cheap drafts", "query": "status=draft&sort=price&cursor=abc"}
    )

    assert saved.location == "/admin/products?status=draft&sort=price"
    text = staff_client.get(saved.location).text
    assert re.search(r'status=draft&amp;sort=price" aria-current="page"[^>]*>Cheap drafts<', text)


def test_the_same_name_again_replaces_the_view(staff_client):
    for query in ("q=cup", "q=bowl"):
        staff_client.post_form("/admin/views", {"list": "products", "title": "Mine", "query": query})

    text = staff_client.get("/admin/products").text
    assert "q=bowl" in text
    assert "q=cup" not in text


def test_a_colleague_sees_the_teams_views_and_not_mine(staff_client, make_member, staff_browser):
    staff_client.post_form("/admin/views", {"list": "products", "title": "Just me", "query": "q=a"})
    staff_client.post_form("/admin/views", {"list": "products", "title": "All of us", "query": "q=b", "shared": "1"})
    colleague = staff_browser(make_member())

    text = colleague.get("/admin/products").text
    assert "All of us" in text
    assert "Just me" not in text
    mine = re.search(r"/admin/views/[^/]+/forget", staff_client.get("/admin/products?q=a").text.split("Just me", 2)[2])[
        0
    ]
    assert colleague.post_form(mine).status_code == 404
    assert staff_client.post_form(mine).status_code == 303
    assert "Just me" not in staff_client.get("/admin/products?x").text.replace("The view “Just me” is gone.", "")


def test_an_address_of_another_place_cannot_be_kept(staff_client):
    answer = staff_client.post_form("/admin/views", {"list": "https://evil.example", "title": "x", "query": ""})

    assert answer.status_code == 422


def test_single_keys_are_switched_off_in_the_profile(staff_client):
    assert "data-keys" in staff_client.get("/admin/profile").text

    staff_client.post_form("/admin/profile/shortcuts", {})

    assert "data-keys" not in staff_client.get("/admin/profile").text
