"""Forms become commands, or sentences beside the fields."""

from __future__ import annotations

import io
from datetime import date
from typing import Annotated, Literal

import msgspec
import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from app.core import forms
from app.core.errors import InvalidInput
from app.core.forms import MoneyField, Reader, Upload

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class Line(msgspec.Struct):
    """A line of the order form."""

    quantity: Annotated[int, msgspec.Meta(ge=0)]
    note: str = ""


class Order(msgspec.Struct):
    """A form with one field of each kind."""

    name: Name
    price: MoneyField | None = None
    wanted_on: date | None = None
    is_gift: bool = False
    size: Literal["S", "M"] = "S"
    tags: list[str] = []
    lines: list[Line] = []
    picture: Upload | None = None

    def problems(self) -> dict[str, str]:
        """Gifts need a line."""
        return {"lines": "A gift needs something in it."} if self.is_gift and not self.lines else {}


@pytest.fixture(autouse=True)
def euro(monkeypatch):
    monkeypatch.setattr(forms, "_currency", [lambda: ("EUR", "en-IE")])


def read(*pairs: tuple[str, str], files: dict[str, FileStorage] | None = None, strict: bool = True) -> Order:
    return Reader(MultiDict(pairs), MultiDict(files or {}), strict=strict).read(Order)


def refused(*pairs: tuple[str, str], strict: bool = True) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        read(*pairs, strict=strict)
    return refusal.value.errors


def test_text_becomes_a_typed_command():
    order = read(
        ("name", " Ada "), ("price", "12.50"), ("wanted_on", "2026-12-24"), ("is_gift", "on"), ("size", "M"),
        ("tags", "a"), ("tags", "b"), ("lines-0-quantity", "2"), ("lines-3-quantity", "1"), ("lines-3-note", "x"),
        ("_csrf", "t"),
    )  # fmt: skip

    assert (order.name, order.price, order.wanted_on) == ("Ada", 1250, date(2026, 12, 24))
    assert (order.is_gift, order.size, order.tags) == (True, "M", ["a", "b"])
    assert [(line.quantity, line.note) for line in order.lines] == [(2, ""), (1, "x")]


def test_what_is_left_empty_takes_its_default():
    order = read(("name", "Ada"), ("price", ""), ("wanted_on", ""))

    assert (order.price, order.wanted_on, order.is_gift, order.tags) == (None, None, False, [])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("name", "x" * 21, "Please write at most 20 characters."),
        ("name", "a\x00b", "This holds a character that cannot be stored."),
        ("price", "much", "Please enter an amount such as 12.50."),
        ("wanted_on", "soon", "Please enter a date."),
        ("size", "XL", "Please choose one of the offered values."),
        ("lines-0-quantity", "two", "Please enter a whole number."),
        ("lines-0-quantity", "-1", "This must be 0 or more."),
    ],
)
def test_each_bad_field_gets_its_sentence(field, value, sentence):
    valid = {"name": "Ada"}

    assert refused(*(valid | {field: value}).items()) == {field: sentence}


def test_an_unknown_field_of_a_form_is_refused_and_of_a_link_ignored():
    assert "is_admin" in refused(("name", "Ada"), ("is_admin", "1"))[""]
    assert read(("name", "Ada"), ("utm_source", "mail"), strict=False).name == "Ada"


def test_a_rule_across_fields_speaks_beside_its_field():
    assert refused(("name", "Ada"), ("is_gift", "1")) == {"lines": "A gift needs something in it."}


def test_a_file_arrives_and_an_empty_one_is_none():
    given = FileStorage(io.BytesIO(b"png"), filename="a.png")

    assert read(("name", "Ada"), files={"picture": given}).picture is given
    assert read(("name", "Ada"), files={"picture": FileStorage(io.BytesIO(), filename="")}).picture is None


def test_nothing_that_was_typed_is_lost():
    with pytest.raises(InvalidInput) as refusal:
        read(("name", ""), ("tags", "a"), ("tags", "b"))

    assert refusal.value.values == {"name": [""], "tags": ["a", "b"]}
