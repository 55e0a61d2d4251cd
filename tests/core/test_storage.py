"""Files of a tenant: kept whole, under their checksum, and given to nobody else."""

from __future__ import annotations

import hashlib

import pytest

from app import settings
from app.core import isolation, storage
from app.core.errors import NotFound


def test_a_file_comes_back_under_its_checksum(in_shop):
    key = storage.put(b"bytes", suffix="png", kind="images")

    assert key == f"images/{hashlib.sha256(b'bytes').hexdigest()}.png"
    assert storage.read(key) == b"bytes"
    assert storage.put(b"bytes", suffix="png", kind="images") == key
    assert storage.url(key) == f"/media/{key}"


def test_another_tenants_file_is_as_unknown_as_none(app, shop, other_shop):
    with isolation.entered(shop.id):
        key = storage.put(b"mine", suffix="png", kind="images")
    with isolation.entered(other_shop.id):
        assert not storage.exists(key)
        with pytest.raises(NotFound):
            storage.read(key)
        storage.delete(key)
    with isolation.entered(shop.id):
        assert storage.read(key) == b"mine"


def test_a_deleted_file_is_gone_and_deleting_again_is_no_error(in_shop):
    key = storage.put(b"short-lived", suffix="webp", kind="images")

    storage.delete(key)
    storage.delete(key)

    assert not storage.exists(key)


@pytest.mark.parametrize(
    "key",
    ["", "images/x.png", "../" + "a" * 64 + ".png", "images/../" + "a" * 64 + ".png", "/images/" + "a" * 64 + ".png",
     "images/" + "a" * 64 + ".exe", "images/" + "a" * 64 + ".png\x00", "images/" + "A" * 64 + ".png",
     "images//" + "a" * 64 + ".png"],
)  # fmt: skip
def test_a_key_of_another_shape_never_reaches_the_disk(in_shop, key):
    with pytest.raises(NotFound):
        storage.read(key)
    with pytest.raises(ValueError, match="not the key"):
        storage.url(key)


def test_no_half_written_file_stays(in_shop):
    storage.put(b"whole", suffix="png", kind="images")

    folder = settings.current().home / "media" / str(in_shop.id) / "images"
    assert [path.suffix for path in folder.iterdir()] == [".png"]


def test_a_browser_gets_a_picture_with_its_type_and_keeps_it_for_ever(client, shop):
    with isolation.entered(shop.id):
        key = storage.put(b"picture", suffix="webp", kind="images")

    answer = client.get(f"/media/{key}")

    assert (answer.status_code, answer.data) == (200, b"picture")
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/media/{key}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_strangers_get_neither_other_tenants_pictures_nor_uploads(client, shop, other_shop):
    with isolation.entered(other_shop.id):
        theirs = storage.put(b"theirs", suffix="webp", kind="images")
    with isolation.entered(shop.id):
        upload = storage.put(b"a,b", suffix="csv", kind="uploads")

    for key in (theirs, upload, "images/nothing.webp", "../secrets.json", "%2e%2e/secrets.json"):
        assert client.get(f"/media/{key}").status_code == 404
