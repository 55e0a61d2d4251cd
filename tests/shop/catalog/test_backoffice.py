"""Staff's pages of products: list, new, one product, its variants and options."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest

from app.core import access, db
from app.shop.catalog import service, staff_queries
from tests.factories.catalog import a_product

PAGES = ["", "/new", "/{id}", "/{id}/delete"]
CHANGES = {
    "/bulk": {"action": "archived"},
    "/bulk/prices": {"percent": "10"},
    "": {"title": "Cup", "price": "1.00"},
    "/{id}": {"title": "Changed"},
    "/{id}/status": {"status": "archived"},
    "/{id}/options": {"name_1": "Size", "values_1": "S"},
    "/{id}/delete": {},
}


def reload(app, shop, product_id):
    with app.app_context(), shop.entered():
        found = staff_queries.editable(product_id)
        db.session.expunge_all()
        return found


@pytest.fixture
def make_product(make_product):
    """Products by their ids alone: rows of this session do not outlive a refused request."""
    return lambda **values: SimpleNamespace(id=make_product(**values).id)


def fields_of(found, **changed):
    """What the product's page sends when nothing was typed, and what was."""
    product = found.product
    fields = {
        "title": product.title,
        "handle": product.handle,
        "description": product.description_html,
        "vendor": "",
        "kind": "",
        "tags": "",
        "status": product.status,
        "seo_title": "",
        "seo_description": "",
    }
    for place, variant in enumerate(found.variants):
        row = {
            "id": variant.id,
            "price": f"{variant.price / 100:.2f}",
            "compare_at": "",
            "sku": variant.sku,
            "barcode": "",
            "weight_grams": "0",
            "on_hand": variant.on_hand,
            "on_hand_seen": variant.on_hand,
            "tracks_stock": "1",
        }
        fields |= {f"variants-{place}-{name}": str(value) for name, value in row.items()}
    return fields | changed


@pytest.fixture
def without_permissions(monkeypatch):
    """Whoever is signed in may do nothing."""
    monkeypatch.setitem(access._loaders, "staff", lambda subject: access.Actor("staff", id=subject, name="Nobody"))


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_asked_to_sign_in(client, make_product, path):
    answer = client.get("/admin/products" + path.format(id=make_product().id))

    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_staff_without_the_permission_are_refused(staff_client, make_product, without_permissions, path):
    assert staff_client.get("/admin/products" + path.format(id=make_product().id)).status_code == 403


@pytest.mark.parametrize("path", CHANGES)
def test_nobody_changes_a_product_without_the_permission(
    staff_client, make_product, without_permissions, app, shop, path
):
    product = make_product(title="Same")

    answer = staff_client.post_form("/admin/products" + path.format(id=product.id), CHANGES[path])

    assert answer.status_code == 403
    assert reload(app, shop, product.id).product.title == "Same"


@pytest.mark.parametrize("path", [path for path in [*PAGES, *CHANGES] if "{id}" in path])
def test_another_shops_product_is_as_unknown_as_none(staff_client, other_shop, app, path):
    with app.app_context(), other_shop.entered():
        foreign = a_product(title="Theirs").id
    answers = []
    for identity in (foreign, uuid.uuid4()):
        address = "/admin/products" + path.format(id=identity)
        answers.append(staff_client.post_form(address, CHANGES[path]) if path in CHANGES else staff_client.get(address))

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Theirs" not in answers[0].text


def test_an_empty_list_teaches(staff_client):
    text = staff_client.get("/admin/products").text

    assert "No products yet" in text
    assert "Write the first product" in text


def test_filters_live_in_the_address(staff_client, make_product, make_collection):
    cup = make_product(title="Cup", on_hand=0)
    make_product(title="Jug", on_hand=50, status="draft")
    shelf = make_collection([cup])

    def titles(query):
        text = staff_client.get(f"/admin/products?{query}").text
        return [title for title in ("Cup", "Jug") if f">{title}</a>" in text]

    assert titles("") == ["Cup", "Jug"]
    assert titles("status=draft") == ["Jug"]
    assert titles("stock=out") == ["Cup"]
    assert titles("stock=low") == ["Cup"]
    assert titles("stock=in") == ["Jug"]
    assert titles(f"collection={shelf.id}") == ["Cup"]
    assert titles("q=jug") == ["Jug"]
    assert "Nothing matches" in staff_client.get("/admin/products?q=nothing-like-it").text
    assert staff_client.get("/admin/products?status=odd").status_code == 422


def test_pages_follow_each_other_by_key(staff_client, make_product, monkeypatch):
    monkeypatch.setattr(staff_queries, "PRODUCTS_A_PAGE", 2)
    for title in ("A1", "B1", "C1"):
        make_product(title=title)

    first = staff_client.get("/admin/products?sort=title").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert ">A1</a>" in first
    assert ">C1</a>" not in first
    assert ">C1</a>" in staff_client.get(following).text


def test_htmx_gets_the_list_alone(staff_client, make_product):
    make_product(title="Cup")

    text = staff_client.get_fragment("/admin/products").text

    assert ">Cup</a>" in text
    assert "<html" not in text


def test_ticked_products_change_together(staff_client, make_product, app, shop):
    one, two = make_product(), make_product()

    answer = staff_client.post_form(
        "/admin/products/bulk", {"products": [str(one.id), str(two.id)], "action": "archived"}
    )

    assert answer.status_code == 303
    assert {reload(app, shop, product.id).product.status for product in (one, two)} == {"archived"}


def test_a_new_product_gets_a_variant_for_each_combination(staff_client, app, shop):
    fields = {
        "title": "Tee",
        "price": "19,90",
        "on_hand": "3",
        "tracks_stock": "1",
        "status": "active",
        "description": "So **soft**",
        "name_1": "Size",
        "values_1": "S, M",
        "name_2": "Colour",
        "values_2": "Ink, Rust",
    }

    answer = staff_client.post_form("/admin/products", fields)

    found = reload(app, shop, uuid.UUID(answer.headers["Location"].rsplit("/", 1)[1]))
    assert [variant.title for variant in found.variants] == ["S / Ink", "S / Rust", "M / Ink", "M / Rust"]
    assert {variant.price for variant in found.variants} == {1990}
    assert "<strong>soft</strong>" in found.product.description_html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"price": "cheap"}, "amount"),
        ({"on_hand": "-1"}, "0 or more"),
        ({"compare_at": "1.00"}, "The price before must be higher than the price."),
        ({"name_1": "Size"}, "Name at least one value for Size."),
        ({"sku": "C-1"}, "The SKU “C-1” belongs to Cup already."),
        ({"values_1": ",".join(str(n) for n in range(251)), "name_1": "Size"}, "251 variants"),
        ({"owner": "me"}, "not known"),
    ],
)
def test_what_is_wrong_about_a_new_product_is_said_and_nothing_typed_is_lost(staff_client, make_product, wrong, said):
    make_product(title="Cup", sku="C-1")

    answer = staff_client.post_form(
        "/admin/products", {"title": "A tall jug", "price": "9.00", "vendor": "Kiln & Co"} | wrong
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "Kiln &amp; Co" in answer.text


def test_a_product_is_saved_with_its_variants(staff_client, make_product, make_collection, app, shop):
    product = make_product(title="Cup", options={"Size": ["S", "L"]})
    shelf = make_collection([])
    found = reload(app, shop, product.id)
    changes = {
        "title": "Mug",
        "variants-1-price": "25.00",
        "variants-1-sku": "M-L",
        "variants-0-on_hand": "4",
        "tags": "a, b",
        "collections": str(shelf.id),
    }

    answer = staff_client.post_form(f"/admin/products/{product.id}", fields_of(found, **changes))

    assert answer.status_code == 303
    saved = reload(app, shop, product.id)
    assert (saved.product.title, saved.product.tags) == ("Mug", ["a", "b"])
    assert [(one.price, one.sku, one.on_hand) for one in saved.variants] == [(2000, "", 4), (2500, "M-L", 10)]
    assert saved.collection_ids == [shelf.id]


def test_a_sale_meanwhile_is_not_undone_by_a_save(staff_client, make_product, app, shop):
    product = make_product(on_hand=10)
    fields = fields_of(reload(app, shop, product.id), title="Renamed")
    with app.app_context(), shop.entered():
        service.take_stock([(staff_queries.editable(product.id).variants[0].id, 3)])

    staff_client.post_form(f"/admin/products/{product.id}", fields)

    assert reload(app, shop, product.id).variants[0].on_hand == 7


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"handle": "taken"}, "taken"),
        ({"variants-0-price": "-4"}, "variants-0-price-error"),
        ({"variants-0-sku": "X", "variants-1-sku": "X"}, "stands here twice"),
        ({"variants-0-sku": "T-1"}, "The SKU “T-1” belongs to Taken already."),
        ({"variants-0-compare_at": "0.01"}, "must be higher"),
    ],
)
def test_a_refused_save_changes_nothing_and_keeps_what_was_typed(staff_client, make_product, app, shop, wrong, said):
    make_product(title="Taken", handle="taken", sku="T-1")
    product = make_product(title="Cup", options={"Size": ["S", "L"]})

    answer = staff_client.post_form(
        f"/admin/products/{product.id}", fields_of(reload(app, shop, product.id), vendor="Typed by hand") | wrong
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "Typed by hand" in answer.text
    assert reload(app, shop, product.id).product.vendor == ""


def test_new_values_make_variants_and_old_ones_keep_their_stock(staff_client, make_product, app, shop):
    product = make_product(options={"Size": ["S", "M"]}, on_hand=6)
    address = f"/admin/products/{product.id}/options"

    staff_client.post_form(address, {"name_1": "Size", "values_1": "M, L", "name_2": "Colour", "values_2": "Ink, Rust"})

    found = reload(app, shop, product.id).variants
    assert [(one.title, one.on_hand) for one in found] == [
        ("M / Ink", 6),
        ("M / Rust", 0),
        ("L / Ink", 0),
        ("L / Rust", 0),
    ]


def test_refused_options_come_back_and_leave_the_other_fields_alone(staff_client, make_product):
    product = make_product(title="Cup", vendor="Kiln")

    answer = staff_client.post_form(f"/admin/products/{product.id}/options", {"name_1": "Shape", "values_1": ""})

    assert answer.status_code == 422
    assert "Name at least one value for Shape." in answer.text
    assert 'value="Shape"' in answer.text
    assert 'value="Kiln"' in answer.text


def test_archiving_can_be_undone_and_deleting_asks_first(staff_client, make_product, app, shop):
    product = make_product(title="Cup")
    page = f"/admin/products/{product.id}"

    staff_client.post_form(page + "/status", {"status": "archived"})
    assert "Undo archiving" in staff_client.get(page).text
    assert "ten minutes" in staff_client.get(page + "/delete").text
    answer = staff_client.post_form(page + "/delete")

    assert answer.status_code == 303
    assert staff_client.get(page).status_code == 404
