"""A ciphertext is only what it is in its tenant, table and column."""

import base64
import dataclasses
import os

import pytest
from sqlalchemy import select

from app import settings
from app.core import crypto, db
from app.core.crypto import DataKey, EncryptedText, Unreadable


def test_a_text_comes_back_in_the_same_place(in_shop):
    sealed = crypto.encrypt("sk_live_ümlaut", table="gateway", column="secret")

    assert b"sk_live" not in sealed
    assert crypto.decrypt(sealed, table="gateway", column="secret") == "sk_live_ümlaut"


def test_the_same_text_never_looks_the_same_twice(in_shop):
    first, second = (crypto.encrypt("x", table="t", column="c") for _ in range(2))

    assert first != second


@pytest.mark.parametrize(("table", "column"), [("other", "secret"), ("gateway", "other")])
def test_a_ciphertext_moved_to_another_place_is_unreadable(in_shop, table, column):
    sealed = crypto.encrypt("x", table="gateway", column="secret")

    with pytest.raises(Unreadable):
        crypto.decrypt(sealed, table=table, column=column)


def test_a_ciphertext_moved_to_another_tenant_is_unreadable_even_with_that_tenants_key_copied_along(
    app, shop, other_shop
):
    with app.app_context():
        with shop.entered():
            sealed = crypto.encrypt("x", table="gateway", column="secret")
            wrapped = db.session.scalars(select(DataKey)).one().wrapped
        with other_shop.entered():
            db.session.merge(DataKey(tenant_id=other_shop.id, version=1, wrapped=wrapped))
            db.flush()

            with pytest.raises(Unreadable):
                crypto.decrypt(sealed, table="gateway", column="secret")
            db.session.rollback()


def test_a_damaged_or_empty_ciphertext_is_unreadable(in_shop):
    sealed = bytearray(crypto.encrypt("x", table="t", column="c"))
    sealed[-1] ^= 1

    for damaged in (bytes(sealed), b"", b"\x01", b"\x09" + bytes(sealed[1:])):
        with pytest.raises(Unreadable):
            crypto.decrypt(damaged, table="t", column="c")


def test_after_a_rotation_old_texts_stay_readable_and_new_ones_use_the_new_key(in_shop):
    old = crypto.encrypt("old", table="t", column="c")

    assert crypto.rotate_data_key() == 2

    new = crypto.encrypt("new", table="t", column="c")
    assert (old[0], new[0]) == (1, 2)
    assert crypto.decrypt(old, table="t", column="c") == "old"
    assert crypto.decrypt(new, table="t", column="c") == "new"


def test_each_tenant_has_a_key_of_its_own(app, shop, other_shop):
    kept = []
    with app.app_context():
        for place in (shop, other_shop):
            with place.entered():
                crypto.encrypt("x", table="t", column="c")
                kept.append(crypto._keys()[1])

    assert kept[0] != kept[1]


def test_another_master_key_reads_nothing(app, shop):
    configured = settings.current()
    with app.app_context():
        with shop.entered():
            sealed = crypto.encrypt("x", table="t", column="c")
        settings.use(dataclasses.replace(configured, master_key=base64.b64encode(os.urandom(32)).decode()))
        try:
            with shop.entered(), pytest.raises(Unreadable, match="master key"):
                crypto.decrypt(sealed, table="t", column="c")
        finally:
            settings.use(configured)


@pytest.mark.parametrize("master_key", ["", "short", base64.b64encode(b"x" * 16).decode(), "not base64 at all!"])
def test_a_master_key_that_is_none_is_refused(in_shop, master_key):
    configured = settings.current()
    settings.use(dataclasses.replace(configured, master_key=master_key))
    try:
        with pytest.raises(Unreadable, match="LIVERY_MASTER_KEY"):
            crypto.encrypt("x", table="t", column="c")
    finally:
        settings.use(configured)


def test_a_key_that_was_rolled_back_is_not_used_again(app, shop):
    with app.app_context():
        with shop.entered():
            crypto.encrypt("x", table="t", column="c")
            db.session.rollback()
            sealed = crypto.encrypt("y", table="t", column="c")
        with shop.entered():
            assert crypto.decrypt(sealed, table="t", column="c") == "y"


def test_an_encrypted_column_encrypts_on_the_way_in_and_decrypts_on_the_way_out(in_shop):
    column = EncryptedText("endpoint", "secret")

    stored = column.process_bind_param("whsec", None)

    assert stored is not None
    assert b"whsec" not in stored
    assert column.process_result_value(stored, None) == "whsec"
    assert column.process_bind_param(None, None) is None
    assert column.process_result_value(None, None) is None
