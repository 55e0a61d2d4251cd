"""`./livery import products` and `./livery export products`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.shop.catalog import commands, queries
from tests.shop.catalog.test_importing import HEAD, SAMPLES, closed_network  # noqa: F401 (an autouse fixture)


@pytest.fixture
def run(app):
    """Run a command as the launcher does, inside the application."""

    def call(group, *words):
        with app.app_context():
            return CliRunner().invoke(group, [str(word) for word in words])

    return call


def test_a_file_comes_in_and_the_next_address_is_named(run, shop):
    result = run(commands.imports, "products", "--tenant", shop.slug, SAMPLES / "shopify.csv")

    assert result.exit_code == 0
    assert "2 products to create" in result.output
    assert "3 lines created" in result.output
    assert "2 not to be had" in result.output
    assert shop.url("/admin/products/imports/") in result.output


def test_a_bad_line_is_named_and_the_exit_status_says_so(run, shop, tmp_path, app):
    file = tmp_path / "products.csv"
    file.write_text(HEAD + "cup,Cup,active,,,,4.50,3\nbad,Bad,active,,,,-1,3\n")

    result = run(commands.imports, "products", "--tenant", shop.slug, file)

    assert result.exit_code == 1
    assert "line 3, bad: The price is below zero." in result.output
    with app.app_context(), shop.entered():
        assert queries.count_products() == 1


def test_a_dry_run_changes_nothing(run, shop, app):
    result = run(commands.imports, "products", "--tenant", shop.slug, "--dry-run", SAMPLES / "own.csv")

    assert result.exit_code == 0
    with app.app_context(), shop.entered():
        assert queries.count_products() == 0


def test_an_unknown_shop_and_a_file_that_is_no_list_are_refused_in_a_sentence(run, shop, tmp_path):
    (tmp_path / "x.csv").write_text("hello\n")

    unknown = run(commands.imports, "products", "--tenant", "nobody-here", SAMPLES / "own.csv")
    empty = run(commands.imports, "products", "--tenant", shop.slug, tmp_path / "x.csv")
    missing = run(commands.imports, "products", "--tenant", shop.slug, tmp_path / "y.csv")

    assert (unknown.exit_code, empty.exit_code, missing.exit_code) == (1, 1, 2)
    assert "There is no shop “nobody-here”" in unknown.output
    assert "must name the columns" in empty.output


def test_an_export_is_what_an_import_takes(run, shop, other_shop, tmp_path):
    run(commands.imports, "products", "--tenant", shop.slug, SAMPLES / "own.csv")
    file = tmp_path / "out.csv"

    written = run(commands.exports, "products", "--tenant", shop.slug, "--output", file)
    taken = run(commands.imports, "products", "--tenant", other_shop.slug, file)

    assert (written.exit_code, taken.exit_code) == (0, 0)
    again = run(commands.exports, "products", "--tenant", other_shop.slug)
    assert again.output.replace("\r\n", "\n") == file.read_text()
