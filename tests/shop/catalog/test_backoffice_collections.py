"""Staff's pages of collections, and of a product's pictures."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from PIL import Image as Pixels

from app.core import db
from app.shop.catalog import queries, staff_queries
from tests.factories.catalog import a_collection, a_product


def order(app, shop, collection_id):
    with app.app_context(), shop.entered():
        return [one.product.title for one in staff_queries.products_in(collection_id)]


def a_file(name="photo.png", size=(400, 500)):
    drawn = io.BytesIO()
    Pixels.new("RGB", size, (150, 90, 60)).save(drawn, "PNG")
    return io.BytesIO(drawn.getvalue()), name


def pictures(app, shop, product_id):
    with app.app_context(), shop.entered():
        found = staff_queries.editable(product_id).images
        db.session.expunge_all()
        return found


def test_an_empty_list_of_collections_teaches(staff_client):
    assert "No collections yet" in staff_client.get("/admin/collections").text


def test_strangers_see_no_collections(client):
    assert client.get("/admin/collections").status_code == 303


def test_a_collection_is_made_filled_and_arranged(staff_client, make_product, app, shop):
    ids = [str(make_product(title=title).id) for title in ("Ash", "Birch", "Cedar")]
    page = staff_client.post_form("/admin/collections", {"title": "Wood"}).headers["Location"]
    collection_id = uuid.UUID(page.rsplit("/", 1)[1])

    staff_client.post_form(page + "/add", {"products": ids})
    staff_client.post_form(page + "/move", {"product": ids[2], "to": "earlier"})
    staff_client.post_form(page + "/move", {"product": ids[0], "to": "off"})

    assert order(app, shop, collection_id) == ["Cedar", "Birch"]
    assert "Ash" in staff_client.get(page).text


def test_a_taken_address_is_refused_and_nothing_typed_is_lost(staff_client, make_collection):
    make_collection([], title="Wood")

    answer = staff_client.post_form(
        "/admin/collections", {"title": "Other", "handle": "wood", "description": "My words"}
    )

    assert answer.status_code == 409
    assert "is taken" in answer.text
    assert "My words" in answer.text


def test_another_shops_collection_and_products_are_unknown(staff_client, make_collection, app, other_shop):
    own = make_collection([]).id
    with app.app_context(), other_shop.entered():
        product = a_product()
        theirs, product_id = a_collection([product]).id, product.id

    assert staff_client.get(f"/admin/collections/{theirs}").status_code == 404
    assert staff_client.post_form(f"/admin/collections/{theirs}", {"title": "Mine"}).status_code == 404
    assert staff_client.post_form(f"/admin/collections/{theirs}/delete").status_code == 404
    assert staff_client.post_form(f"/admin/collections/{own}/add", {"products": str(product_id)}).status_code == 404


def test_a_deleted_collection_leaves_its_products(staff_client, make_product, make_collection, app, shop):
    collection_id = make_collection([make_product()]).id

    assert staff_client.post_form(f"/admin/collections/{collection_id}/delete").status_code == 303

    with app.app_context(), shop.entered():
        assert (queries.count_products(), queries.collections()) == (1, [])


def test_pictures_are_uploaded_arranged_described_and_removed(staff_client, make_product, app, shop):
    product_id = make_product(options={"Size": ["S", "L"]}).id
    page = f"/admin/products/{product_id}"

    staff_client.post_form(page + "/images", {"photos": [a_file(), a_file(size=(300, 300))], "alt": "Side"})
    first, second = pictures(app, shop, product_id)
    staff_client.post_form(f"{page}/images/{second.id}/move", {"step": "-1"})
    staff_client.post_form(f"{page}/images/{second.id}", {"alt": "From above"})

    assert [image.alt for image in pictures(app, shop, product_id)] == ["From above", "Side"]
    staff_client.post_form(f"{page}/images/{first.id}/delete")
    assert [image.id for image in pictures(app, shop, product_id)] == [second.id]
    assert staff_client.get(page).status_code == 200


def test_a_file_that_is_no_picture_is_refused_and_the_other_fields_stay(staff_client, make_product, app, shop):
    product_id = make_product(title="Cup").id

    answer = staff_client.post_form(
        f"/admin/products/{product_id}/images", {"photos": (io.BytesIO(b"<svg onload=alert(1)>"), "x.png")}
    )

    assert answer.status_code == 422
    assert "could not be read as a picture" in answer.text
    assert 'value="Cup"' in answer.text
    assert pictures(app, shop, product_id) == []


def test_no_picture_at_all_is_told(staff_client, make_product):
    answer = staff_client.post_form(f"/admin/products/{make_product().id}/images", {"alt": ""})

    assert answer.status_code == 422
    assert "Please choose a picture." in answer.text


@pytest.mark.parametrize("action", ["", "/move", "/delete"])
def test_an_unknown_picture_is_not_found(staff_client, make_product, action):
    fields = {"": {"alt": "x"}, "/move": {"step": "1"}, "/delete": {}}[action]

    answer = staff_client.post_form(f"/admin/products/{make_product().id}/images/{uuid.uuid4()}{action}", fields)

    assert answer.status_code == 404


def test_dragged_collections_products_and_pictures_stay_where_they_were_put(
    staff_client, make_product, make_collection, app, shop
):
    rows = [make_product(title=title) for title in "abc"]
    products = [row.id for row in rows]
    shelves = [make_collection(rows if title == "New" else [], title=title).id for title in ("New", "Old", "Rare")]
    page = f"/admin/products/{products[0]}"
    staff_client.post_form(page + "/images", {"photos": [a_file(), a_file(size=(300, 300))]})
    first, second = pictures(app, shop, products[0])

    staff_client.post_form("/admin/collections/order", {"order": [str(shelves[2]), str(shelves[0])]})
    staff_client.post_form(f"/admin/collections/{shelves[0]}/order", {"order": [str(products[2]), str(uuid.uuid4())]})
    staff_client.post_form(page + "/images/order", {"order": [str(second.id), str(first.id)]})

    assert [image.id for image in pictures(app, shop, products[0])] == [second.id, first.id]
    with app.app_context(), shop.entered():
        assert [row.title for row, _ in queries.collections()] == ["Rare", "New", "Old"]
        assert queries.product_ids_in(shelves[0]) == [products[2], products[0], products[1]]
    staff_client.post_form(f"/admin/collections/{shelves[1]}/place", {"step": "-1"})
    with app.app_context(), shop.entered():
        assert [row.title for row, _ in queries.collections()] == ["Rare", "Old", "New"]


def test_a_collection_gets_a_picture_of_its_own_and_loses_it(staff_client, make_collection):
    page = f"/admin/collections/{make_collection([], title='New').id}"

    staff_client.post_form(page + "/picture", {"photo": a_file()})
    assert "shelf-picture" in staff_client.get(page).text

    staff_client.post_form(page + "/picture/remove")
    assert "shelf-picture" not in staff_client.get(page).text
    assert staff_client.post_form(page + "/picture", {"photo": (io.BytesIO(b"no"), "x.png")}).status_code == 422


def test_a_deleted_collection_comes_back_with_its_products(staff_client, make_product, make_collection, app, shop):
    row = make_product()
    product = row.id
    collection_id = make_collection([row], title="New").id

    staff_client.post_form(f"/admin/collections/{collection_id}/delete")
    step = re.search(r'action="(/admin/undo/[^"]+)"', staff_client.get("/admin/collections").text)[1]
    staff_client.post_form(step)

    with app.app_context(), shop.entered():
        assert [row.id for row, _ in queries.collections()] == [collection_id]
        assert queries.product_ids_in(collection_id) == [product]
