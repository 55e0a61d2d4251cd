"""What a process read of a product before is used again only while each of its rows is as it was."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import delete, update

from app.core import db, ids
from app.shop.catalog.models import Image, Product, Variant
from app.shop.catalog.queries import versions
from tests.factories.catalog import a_product
from tests.factories.keeping import kept_pages  # noqa: F401 - this process hears of changes
from tests.shop.catalog.test_speed import counted_statements

CHANGES = {
    "a word of the product": lambda product: update(Product).where(Product.id == product).values(vendor="changed"),
    "the stock of a variant": lambda product: update(Variant).where(Variant.product_id == product).values(on_hand=3),
    "the words of a picture": lambda product: update(Image).where(Image.product_id == product).values(alt="changed"),
    "a picture less": lambda product: delete(Image).where(Image.product_id == product),
    "a variant less": lambda product: delete(Variant).where(Variant.product_id == product, Variant.position == 1),
}


@pytest.fixture
def product(app, shop):
    with app.app_context(), shop.entered():
        return a_product(options={"Size": ["S", "L"]}, image=True).id


@pytest.fixture
def listed(app, api, kept_pages):  # noqa: F811
    """The first product of the list, and what it cost; the process has read the list before."""

    def ask():
        with counted_statements(app) as sent:
            answer = api.get("/api/v1/products")
        return answer.json["data"][0], [one for one in sent if "json_build_object" in one]

    api.get("/api/v1/products")
    return ask


@pytest.mark.parametrize("change", CHANGES, ids=lambda name: name.replace(" ", "-"))
def test_a_change_of_any_row_shows_at_once(app, shop, product, listed, change):
    before, whole = listed()
    assert whole == []

    with app.app_context(), shop.entered():
        db.session.execute(CHANGES[change](product))
        db.session.commit()
    after, whole = listed()

    assert after != before
    assert after["id"] == ids.to_public("prod", product)
    assert len(whole) == 1


def test_without_the_versions_a_change_would_not_show(app, shop, product, listed, monkeypatch):
    """The control: known by its id alone, a product stays as it was."""
    monkeypatch.setattr(versions.Known, "_key", lambda self, version: version.id)
    listed()
    before, _ = listed()

    with app.app_context(), shop.entered():
        db.session.execute(CHANGES["the stock of a variant"](product))
        db.session.commit()

    assert listed()[0] == before


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(versions, "_MOST", 2)
    known, read = versions.Known(), []
    monkeypatch.setattr(known, "_key", lambda version: version.id)

    def whole(*names):
        found = [SimpleNamespace(id=name) for name in names]
        return known.whole(found, lambda missing: [read.append(one) or SimpleNamespace(id=one) for one in missing])

    for name in ("a", "b", "a", "c", "a", "b"):
        assert [one.id for one in whole(name)] == [name]

    assert read == ["a", "b", "c", "b"]
