"""Ids are ordered inside and carry their type outside."""

import uuid

import pytest

from app.core import ids
from app.core.errors import NotFound


def test_ids_are_version_seven_and_increase():
    made = [ids.new_id() for _ in range(1000)]

    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert type(made[0]) is uuid.UUID


def test_a_public_id_carries_its_type_and_comes_back_as_a_real_uuid():
    identity = ids.new_id()

    public = ids.to_public("prod", identity)

    assert public.startswith("prod_")
    assert ids.from_public("prod", public) == identity
    assert type(ids.from_public("prod", public)) is uuid.UUID


@pytest.mark.parametrize(
    "text", ["", "prod_", "order_01h455vb4pex5vsknk084sn02q", "01h455vb4pex5vsknk084sn02q", "prod_" + "z" * 26, "é" * 9]
)
def test_anything_else_is_simply_not_found(text):
    with pytest.raises(NotFound):
        ids.from_public("prod", text)
