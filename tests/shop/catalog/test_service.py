"""Products, variants, stock, pictures and collections are written right or not at all."""

from __future__ import annotations

import threading

import pytest

from app.core import db
from app.core.access import system_actor
from app.core.errors import NotFound
from app.core.ids import new_id
from app.shop.catalog import queries, service
from app.shop.catalog.errors import (
    HandleTaken,
    NoVariants,
    OptionsDoNotMatch,
    OutOfStock,
    TooManyOptions,
    UnknownVariant,
    VariantTwice,
)
from app.shop.catalog.schemas import NewCollection, NewProduct, OptionIn, VariantIn
from tests.factories.catalog import a_picture, a_product

BY = system_actor("tests")


def form_of(product, **changes) -> NewProduct:
    """The form that an editor of this product would send back."""
    variants = [
        VariantIn(id=one.id, price=one.price, options=list(one.options), on_hand=one.on_hand, on_hand_seen=one.on_hand)
        for one in queries.lock_variants(product.id)
    ]
    options = [OptionIn(option["name"], option["values"]) for option in product.options]
    values = {"title": product.title, "status": product.status, "variants": variants, "options": options}
    return NewProduct(**(values | changes))


def test_a_new_product_gets_an_address_from_its_title(in_shop):
    first, second = a_product(title="Crème Brûlée"), a_product(title="Crème Brûlée")

    assert (first.handle, second.handle) == ("creme-brulee", "creme-brulee-2")


def test_a_chosen_address_that_is_taken_is_refused(in_shop):
    a_product(handle="vase")

    with pytest.raises(HandleTaken):
        a_product(handle="vase")

    assert queries.count_products() == 1


def test_a_product_keeps_its_address_when_its_title_changes(in_shop):
    product = a_product(title="Moon vase")

    service.update_product(product.id, form_of(product, title="Sun vase"), by=BY)

    assert (product.title, product.handle) == ("Sun vase", "moon-vase")


def test_every_combination_of_options_is_a_variant_with_its_own_name(in_shop):
    product = a_product(options={"Colour": ["Cream", "Ink"], "Height": ["18 cm", "26 cm"]})

    titles = [variant.title for variant in queries.lock_variants(product.id)]
    assert titles == ["Cream / 18 cm", "Cream / 26 cm", "Ink / 18 cm", "Ink / 26 cm"]


def test_prices_from_and_to_follow_the_variants(in_shop):
    variants = [VariantIn(price=2800, options=["S"]), VariantIn(price=6400, options=["L"])]
    product = a_product(options={"Size": ["S", "L"]}, variants=variants)

    assert (product.price_from, product.price_to) == (2800, 6400)


def test_option_values_that_no_variant_has_are_not_offered(in_shop):
    product = a_product(options={"Size": ["L", "M", "S"]}, variants=[VariantIn(1, ["S"]), VariantIn(1, ["XL"])])

    assert product.options == [{"name": "Size", "values": ["S", "XL"]}]


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (NewProduct("Vase", []), NoVariants),
        (NewProduct("Vase", [VariantIn(1, list("abcd"))], options=[OptionIn(n) for n in "abcd"]), TooManyOptions),
        (NewProduct("Vase", [VariantIn(1, ["S", "Red"])], options=[OptionIn("Size")]), OptionsDoNotMatch),
        (NewProduct("Vase", [VariantIn(1, [" "])], options=[OptionIn("Size")]), OptionsDoNotMatch),
        (NewProduct("Vase", [VariantIn(1, ["S"]), VariantIn(2, ["S "])], options=[OptionIn("Size")]), VariantTwice),
    ],
)
def test_a_product_whose_variants_make_no_sense_is_refused(in_shop, form, refusal):
    with pytest.raises(refusal):
        service.create_product(form, by=BY)

    assert queries.count_products() == 0


def test_scripts_in_a_description_are_dropped(in_shop):
    product = a_product(description_html="<p onclick=x>Clay</p><script>alert(1)</script>")

    assert product.description_html == "<p>Clay</p>"


def test_a_draft_is_published_the_moment_it_becomes_active(in_shop):
    product = a_product(status="draft")
    assert product.published_at is None

    service.set_status(product.id, "active", by=BY)

    assert product.published_at is not None


def test_variants_that_the_form_leaves_out_are_removed_and_their_pictures_stay(in_shop):
    product = a_product(options={"Size": ["S", "L"]})
    small, large = queries.lock_variants(product.id)
    service.add_image(product.id, a_picture(variant_id=large.id), by=BY)
    db.flush()

    form = form_of(product)
    form.variants = form.variants[:1]
    service.update_product(product.id, form, by=BY)

    assert [variant.id for variant in queries.lock_variants(product.id)] == [small.id]
    db.session.expire_all()
    assert [image.variant_id for image in queries.images_of(product.id)] == [None]


def test_a_variant_of_another_product_cannot_be_smuggled_in(in_shop):
    one, other = a_product(), a_product()
    stranger = queries.lock_variants(other.id)[0]

    with pytest.raises(UnknownVariant):
        service.update_product(one.id, form_of(one, variants=[VariantIn(id=stranger.id, price=1)]), by=BY)


def test_a_sale_during_editing_is_not_undone_by_saving(in_shop):
    product = a_product(on_hand=10)
    form = form_of(product)
    service.take_stock([(form.variants[0].id, 3)])

    service.update_product(product.id, form, by=BY)
    assert queries.lock_variants(product.id)[0].on_hand == 7

    form.variants[0].on_hand = 15
    service.update_product(product.id, form, by=BY)
    assert queries.lock_variants(product.id)[0].on_hand == 12


def test_creating_and_changing_a_product_is_told_as_facts(in_shop, published):
    product = a_product()
    service.update_product(product.id, form_of(product), by=BY)
    service.delete_product(product.id, by=BY)

    names = [name for name in published() if name.startswith("catalog.")]
    assert names == ["catalog.product_created", "catalog.product_updated", "catalog.product_deleted"]
    assert queries.count_products() == 0


def test_stock_is_taken_and_put_back(in_shop):
    product = a_product(on_hand=5)
    variant = queries.lock_variants(product.id)[0].id

    service.take_stock([(variant, 2), (variant, 1)])
    assert queries.lock_variants(product.id)[0].on_hand == 2

    service.put_back_stock([(variant, 3)])
    assert queries.lock_variants(product.id)[0].on_hand == 5


def test_more_than_is_left_cannot_be_taken_and_the_refusal_names_what_is_left(in_shop):
    product = a_product(title="Moon vase", on_hand=2)
    variant = queries.lock_variants(product.id)[0].id

    with pytest.raises(OutOfStock) as refused:
        service.take_stock([(variant, 3)])

    assert refused.value.sentence == "Only 2 of Moon vase left."
    assert queries.lock_variants(product.id)[0].on_hand == 2


def test_an_unknown_variant_is_out_of_stock(in_shop):
    with pytest.raises(OutOfStock):
        service.take_stock([(new_id(), 1)])


def test_a_variant_that_does_not_count_its_stock_is_never_out(in_shop):
    product = a_product(on_hand=0, tracks_stock=False)
    variant = queries.lock_variants(product.id)[0].id

    service.take_stock([(variant, 50)])

    assert queries.lock_variants(product.id)[0].on_hand == 0


def test_a_variant_that_sells_on_remembers_what_it_owes(in_shop):
    product = a_product(on_hand=2, continue_selling=True)
    variant = queries.lock_variants(product.id)[0].id

    service.take_stock([(variant, 5)])
    row = queries.lock_variants(product.id)[0]
    assert (row.on_hand, row.owed) == (0, 3)

    service.put_back_stock([(variant, 5)])
    row = queries.lock_variants(product.id)[0]
    assert (row.on_hand, row.owed) == (2, 0)


def test_the_last_piece_is_told_as_a_fact(in_shop, published):
    product = a_product(on_hand=1)

    service.take_stock([(queries.lock_variants(product.id)[0].id, 1)])

    assert "catalog.stock_ran_out" in published()


def test_a_count_overwrites_stock_unless_the_editor_saw_an_older_one(in_shop):
    product = a_product(on_hand=10)
    variant = queries.lock_variants(product.id)[0].id
    service.take_stock([(variant, 4)])

    assert service.set_stock(variant, 12, by=BY, seen=10) == 8
    assert service.set_stock(variant, 3, by=BY) == 3
    with pytest.raises(NotFound):
        service.set_stock(new_id(), 1, by=BY)


def test_forty_buyers_cannot_take_more_than_ten(app, shop, make_product):
    product = make_product(on_hand=10)
    variant = queries.lock_variants(product.id)[0].id
    db.checkpoint()
    results: list[bool] = []

    def buy() -> None:
        with app.app_context():
            try:
                with db.unit_of_work(shop.id):
                    service.take_stock([(variant, 1)])
                results.append(True)
            except OutOfStock:
                results.append(False)

    buyers = [threading.Thread(target=buy) for _ in range(40)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert (results.count(True), results.count(False)) == (10, 30)
    assert queries.lock_variants(product.id)[0].on_hand == 0


def test_buyers_of_the_same_things_in_another_order_do_not_wait_in_a_circle(app, shop, make_product):
    ids = [queries.lock_variants(make_product(on_hand=100).id)[0].id for _ in range(4)]
    db.checkpoint()
    problems: list[Exception] = []

    def buy(lines) -> None:
        with app.app_context():
            try:
                with db.unit_of_work(shop.id):
                    service.take_stock(lines)
            except Exception as problem:  # noqa: BLE001  # a deadlock in a thread must reach the assertion
                problems.append(problem)

    lines = [(one, 1) for one in ids]
    orders = [lines, lines[::-1], [*lines[2:], *lines[:2]]]
    buyers = [threading.Thread(target=buy, args=(orders[number % 3],)) for number in range(18)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert problems == []


def test_pictures_are_arranged_described_and_removed(in_shop):
    product = a_product()
    first = service.add_image(product.id, a_picture("One"), by=BY)
    second = service.add_image(product.id, a_picture("Two"), by=BY)

    service.arrange_images(product.id, [second.id], by=BY)
    service.describe_image(product.id, second.id, "Two, from above", by=BY)
    assert [image.alt for image in queries.images_of(product.id)] == ["Two, from above", "One"]

    service.remove_image(product.id, first.id, by=BY)
    assert [image.id for image in queries.images_of(product.id)] == [second.id]


def test_a_picture_of_another_product_is_not_found(in_shop):
    one, other = a_product(), a_product()
    image = service.add_image(other.id, a_picture(), by=BY)

    with pytest.raises(NotFound):
        service.remove_image(one.id, image.id, by=BY)


def test_a_collection_holds_its_products_in_the_chosen_order(in_shop):
    products = [a_product(title=title) for title in ("A", "B", "C")]
    shelf = service.create_collection(NewCollection("Vases"), by=BY)

    service.put_products(shelf.id, [products[2].id, products[0].id, products[2].id], by=BY)

    assert queries.product_ids_in(shelf.id) == [products[2].id, products[0].id]
    assert queries.collections() == [(shelf, 2)]


def test_a_collection_refuses_a_product_that_is_not_there(in_shop):
    product = a_product()
    shelf = service.create_collection(NewCollection("Vases"), by=BY)

    with pytest.raises(NotFound):
        service.put_products(shelf.id, [product.id, new_id()], by=BY)

    assert queries.product_ids_in(shelf.id) == []


def test_the_name_all_stays_free_for_the_shelf_of_everything(in_shop):
    assert service.create_collection(NewCollection("All"), by=BY).handle == "all-products"
    with pytest.raises(HandleTaken):
        service.create_collection(NewCollection("Everything", handle="all"), by=BY)


def test_the_demo_catalogue_can_be_taken_away(in_shop):
    keep = a_product()
    a_product(is_sample=True)
    service.create_collection(NewCollection("Samples", is_sample=True), by=BY)

    service.remove_samples(by=BY)

    assert queries.count_products() == 1
    assert queries.product_by_id(keep.id).title == keep.title
    assert queries.collections() == []
