"""Reading tenant packs."""

import pytest

from app.platform.tenancy import packs
from app.platform.tenancy.errors import PackProblem
from tests.factories.tenancy import PRODUCTS, TENANT


def test_the_packs_that_ship_can_be_read_and_the_plain_one_comes_first():
    names = [folder.name for folder in packs.folders()]

    assert names[0] == "starter"
    assert {"kiln", "north", "sundae"} < set(names)
    assert [folder.name for folder in packs.folders() if folder.pack.pack.is_demo] == ["kiln", "north", "sundae"]


def test_a_pack_that_is_written_reads_back_the_same(make_pack, tmp_path):
    folder = make_pack("acme")

    images = {name: folder.image(name) for name in ("red.png", "blue.png")}
    packs.write(tmp_path / "copy", folder.pack, folder.catalogue, images)
    copy = packs.Folder(tmp_path / "copy")

    assert copy.pack == folder.pack
    assert copy.catalogue == folder.catalogue
    assert copy.image("red.png") == images["red.png"]


@pytest.mark.parametrize(
    ("tenant", "parts"),
    [
        (TENANT.replace('name = "Small & Fine"', "name = 7"), ["tenant.toml", "line 3", "shop.name"]),
        (TENANT.replace("contact_email", "contact_mail"), ["tenant.toml", "line 5", "contact_mail", "not known"]),
        (TENANT.replace('country = "DE"', 'country = "Germany"'), ["tenant.toml", "line 4", "shop.country"]),
        (TENANT.replace('name = "Small & Fine"\n', ""), ["tenant.toml", "name is missing"]),
        (TENANT.replace('amount = "4.90"', 'amount = "cheap"'), ["tenant.toml", "delivery[0].amount", "line"]),
        (TENANT + "\nthis is no TOML", ["tenant.toml", "line", "not TOML"]),
    ],
)
def test_a_mistake_is_named_with_file_key_and_line(make_pack, tenant, parts):
    with pytest.raises(PackProblem) as refused:
        make_pack("acme", tenant=tenant)

    for part in parts:
        assert part in refused.value.sentence


@pytest.mark.parametrize(
    ("products", "part"),
    [
        (PRODUCTS.replace('products = ["cup", "saucer"]', 'products = ["mug"]'), "names mug"),
        (PRODUCTS.replace('options = ["Red"]', 'options = ["Red", "Big"]'), "one value for each option"),
        (PRODUCTS.replace('"blue.png"', '"green.png"'), "no picture green.png"),
        (PRODUCTS.replace('"blue.png"', '"../../secret.png"'), "no picture"),
        (PRODUCTS.replace('handle = "saucer"', 'handle = "cup"'), "same handle"),
    ],
)
def test_what_names_something_that_is_not_there_is_refused(make_pack, products, part):
    with pytest.raises(PackProblem) as refused:
        make_pack("acme", products=products)

    assert part in refused.value.sentence


def test_a_folder_without_the_file_is_no_pack(tmp_path):
    with pytest.raises(PackProblem, match="no such file"):
        packs.Folder(tmp_path)
