"""Importing products: from the bytes of a file to rows with an outcome."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image as Pixels
from sqlalchemy import event

from app.core import db, http
from app.core.access import system_actor
from app.shop.catalog import exporting, queries
from app.shop.catalog.importing import applying, pictures, service
from app.shop.catalog.importing import queries as imports
from app.shop.catalog.importing.errors import ImportStarted
from app.shop.catalog.importing.reading import FileRefused

SAMPLES = Path(__file__).parent / "samples"
STAFF = system_actor("tests")
HEAD = "handle,title,status,option1_name,option1_value,sku,price,stock\n"


@pytest.fixture(autouse=True)
def closed_network(monkeypatch):
    """No test fetches a picture from the outside; addresses with "good" in them answer with one."""

    def fetch(url):
        if "good" not in url:
            raise http.FetchFailed("The other side could not be reached.")
        drawn = io.BytesIO()
        Pixels.new("RGB", (40, 50), (hash(url) % 255, 90, 60)).save(drawn, "PNG")
        return drawn.getvalue()

    monkeypatch.setattr(pictures.http, "fetch_image", fetch)


def bring_in(content: str | bytes, filename: str = "products.csv"):
    """Preview, confirm and run an import in the entered shop."""
    content = content.encode() if isinstance(content, str) else content
    row = service.start(content, filename, by=STAFF)
    service.confirm(row.id, by=STAFF)
    db.checkpoint()
    service.run(row.id)
    db.checkpoint()
    return row


def problems(row) -> dict[int, str]:
    return {one.line: one.problem for one in imports.all_rows(row.id) if one.problem}


def test_shopifys_file_comes_in_with_options_stock_and_compare_at_prices(in_shop):
    row = bring_in((SAMPLES / "shopify.csv").read_bytes())

    assert problems(row) == {}
    pot = queries.product_by_handle("reed-basket")
    assert [variant.title for variant in pot.variants] == ["Regular", "Large"]
    assert [(variant.price, variant.compare_at) for variant in pot.variants] == [(1250, 1500), (1999, None)]
    assert [variant.on_hand for variant in pot.variants] == [7, 0]
    assert [variant.tracks_stock for variant in pot.variants] == [True, True]
    assert pot.status == "active"
    assert pot.tags == ["Basket", "Hallway"]
    assert queries.find_product("linen-runner").status == "draft"


def test_a_picture_that_does_not_answer_is_reported_and_the_product_is_there(in_shop):
    row = bring_in((SAMPLES / "shopify.csv").read_bytes())

    assert imports.pictures(row.id)["failed"] == 2
    assert imports.states(row.id)["failed"] == 0
    assert imports.import_by_id(row.id).status == "finished"
    said = {one.picture_problem for one in imports.all_rows(row.id) if one.picture_state == "failed"}
    assert said == {"The other side could not be reached."}


def test_the_same_file_twice_changes_nothing(in_shop):
    content = (SAMPLES / "own.csv").read_bytes()
    bring_in(content)
    before = exporting.whole()

    second = bring_in(content)

    assert set(imports.states(second.id)) == {"unchanged"}
    assert imports.pictures(second.id)["waiting"] == imports.pictures(second.id)["stored"] == 0
    assert exporting.whole() == before


def test_a_preview_says_what_would_happen_and_changes_nothing(in_shop, make_product):
    make_product(title="Old", handle="old", price=500, on_hand=1)
    content = HEAD + "old,Old,active,,,,6.00,1\nnew,New,active,,,,5.00,1\nbad,Bad,active,,,,-5,1\n"

    row = service.start(content.encode(), "x.csv", by=STAFF)

    assert imports.verdicts(row.id) == {"create": 1, "update": 1, "error": 1}
    assert queries.find_product("new") is None
    assert queries.product_by_handle("old").variants[0].price == 500


def test_a_bad_row_never_loses_the_good_ones(in_shop):
    content = HEAD + (
        "cup,Cup,active,Size,Small,C-1,4.50,3\n"
        "cup,,,,Medium,C-2,-1,3\n"
        "cup,,,,Large,C-3,free,3\n"
        "cup,,,,Small,C-4,5.00,3\n"
        "cup,,,,Huge,C-1,5.00,3\n"
        ",,,,,,1.00,3\n"
        "jug,,active,,,,2.00,1\n"
        "mug,Mug,sold,,,,2.00,1\n"
        "pan,Pan,active,,,,2.00,lots\n"
        "tin,Tin,active,,,,2.00,5\n"
    )

    row = bring_in(content)

    assert problems(row) == {
        3: "The price is below zero.",
        4: "The price “free” is not an amount such as 12.50.",
        5: "Line 2 describes the same variant already.",
        6: "The SKU “C-1” stands in line 2 already.",
        7: "There is no handle, so it is unknown to which product this line belongs.",
        8: "The first line of a product needs a title.",
        9: "The status “sold” is not one of draft, active, archived.",
        10: "“lots” in stock is not a whole number.",
    }
    assert [variant.title for variant in queries.product_by_handle("cup").variants] == ["Small"]
    assert queries.product_by_handle("tin").variants[0].on_hand == 5
    assert queries.find_product("pan") is None


def test_a_handle_that_comes_again_with_another_title_is_refused(in_shop):
    row = bring_in(HEAD + "cup,Cup,active,,,,4.50,3\ntin,Tin,active,,,,2.00,5\ncup,Other cup,active,,,,9.00,1\n")

    assert problems(row) == {4: "The handle “cup” is used already by the product in line 2."}
    assert queries.product_by_handle("cup").variants[0].price == 450


def test_other_options_than_the_shops_are_refused_instead_of_guessed(in_shop, make_product):
    make_product(title="Cup", handle="cup", options={"Colour": ["Ink"]})

    row = bring_in(HEAD + "cup,Cup,active,Size,Small,,4.50,3\n")

    assert "(Colour)" in problems(row)[2]
    assert [variant.title for variant in queries.product_by_handle("cup").variants] == ["Ink"]


def test_variants_that_the_file_does_not_name_stay_with_their_stock(in_shop, make_product):
    make_product(title="Cup", handle="cup", options={"Size": ["Small", "Large"]}, price=100, on_hand=9)

    bring_in(HEAD + "cup,Cup,active,Size,Small,,4.50,3\n")

    found = queries.product_by_handle("cup").variants
    assert [(variant.title, variant.price, variant.on_hand) for variant in found] == [
        ("Small", 450, 3),
        ("Large", 100, 9),
    ]


def test_a_columns_absence_leaves_the_shops_words_alone(in_shop, make_product):
    make_product(title="Cup", handle="cup", vendor="Kiln", tags=["clay"], on_hand=4)

    bring_in("handle,title,price\ncup,Cup,9.00\n")

    found = queries.product_by_handle("cup")
    assert (found.vendor, found.tags, found.variants[0].on_hand, found.variants[0].price) == ("Kiln", ["clay"], 4, 900)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_encoding_and_delimiter_is_understood(in_shop, delimiter, encoding):
    rows = [["handle", "title", "price"], ["creme", "Crème brûlée", "4.50"]]

    bring_in("\n".join(delimiter.join(cells) for cells in rows).encode(encoding))

    assert queries.find_product("creme").title == "Crème brûlée"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"\xff\xfe\x00", "characters could not be read"),
        (b"name,cost\nCup,1\n", "there is none for: handle, title, price"),
        (b"handle,title,price\n", "no products"),
        (b'handle,title,price\na,"' + b"x" * 200_000, "could not be read"),
        (b"handle,title,price," + b",".join(b"c%d" % n for n in range(300)) + b"\n", "more than 200 columns"),
        (b"handle,title,price\n" + b"a,b,1\n" * 20_001, "more than 20,000 lines"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_list_of_products_is_refused_in_one_sentence(in_shop, content, said):
    with pytest.raises(FileRefused) as refusal:
        service.start(content, "x.csv", by=STAFF)

    assert said in refusal.value.sentence


def test_unknown_columns_are_named(in_shop):
    row = service.start(b"handle,title,price,colour of the moon\na,A,1\n", "x.csv", by=STAFF)

    assert row.notes == ["Columns that are not known and were left out: colour of the moon."]


def test_a_script_in_a_description_is_left_out(in_shop):
    bring_in('handle,title,description,price\na,A,"<p onclick=x>Hi<script>alert(1)</script></p>",1\n')

    assert queries.find_product("a").description_html == "<p>Hi</p>"


def test_an_import_that_was_killed_goes_on_where_it_stood(in_shop, monkeypatch):
    monkeypatch.setattr(service, "PRODUCTS_A_BATCH", 2)
    content = "handle,title,price\n" + "".join(f"p{number},P {number},1.00\n" for number in range(7))
    row = service.start(content.encode(), "x.csv", by=STAFF)
    service.confirm(row.id, by=STAFF)
    db.checkpoint()
    real, calls = applying.create_all, []

    def dies_in_the_second_batch(*given):
        calls.append(real(*given))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(service.applying, "create_all", dies_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        service.run(row.id)
    db.session.rollback()
    assert imports.states(row.id) == {"created": 2, "waiting": 5}

    monkeypatch.setattr(service.applying, "create_all", real)
    service.run(row.id)

    assert imports.states(row.id) == {"created": 7}
    assert queries.count_products() == 7


def test_a_product_that_breaks_in_the_database_fails_alone(in_shop, monkeypatch):
    real = applying._note

    def breaks(rows, draft, *rest):
        real(rows, draft, *rest)
        if draft.handle == "b":
            db.session.connection().exec_driver_sql("select 1/0")

    monkeypatch.setattr(service.applying, "_note", breaks)

    row = bring_in("handle,title,price\na,A,1\nb,B,1\nc,C,1\n")

    assert imports.states(row.id) == {"created": 2, "failed": 1}
    assert queries.find_product("b") is None


def test_new_products_share_their_statements(in_shop):
    """Ten thousand products come in within a minute because a hundred take about as many statements as one."""
    content = "handle,title,price\n" + "".join(f"p{number},P {number},1.00\n" for number in range(100))
    row = service.start(content.encode(), "x.csv", by=STAFF)
    service.confirm(row.id, by=STAFF, here=True)
    asked: list[str] = []
    engine = db.db.engines[None]
    note = event.listens_for(engine, "before_cursor_execute")(lambda *told: asked.append(told[2]))

    service.run(row.id)

    event.remove(engine, "before_cursor_execute", note)
    assert imports.states(row.id) == {"created": 100}
    assert len(asked) < 60


def test_an_import_is_confirmed_once(in_shop):
    row = service.start(b"handle,title,price\na,A,1\n", "x.csv", by=STAFF)
    service.confirm(row.id, by=STAFF)

    with pytest.raises(ImportStarted):
        service.confirm(row.id, by=STAFF)


def test_an_import_that_nobody_confirmed_does_not_run(in_shop):
    row = service.start(b"handle,title,price\na,A,1\n", "x.csv", by=STAFF)
    db.checkpoint()

    service.run(row.id)

    assert queries.count_products() == 0
